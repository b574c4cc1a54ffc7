"""The style sheet: an 8 px grid, two text sizes, no border where space does it.

A word behind `@` is a token of `theme.Theme`, `@icons` the folder of the icons. Widgets are reached
by their class or object name.
"""

SHEET = """
* { font-size: 13px; }
QMainWindow, QDialog { background: @window; }
QToolTip { background: @field; color: @text; border: 1px solid @line; padding: 4px 6px; }

QMenuBar { background: @window; padding: 2px 4px; }
QMenuBar::item { padding: 4px 8px; border-radius: 4px; background: transparent; }
QMenuBar::item:selected { background: @hover; }
QMenu { background: @raised; border: 1px solid @line; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 12px; border-radius: 4px; }
QMenu::item:selected { background: @accent; color: @on_accent; }
QMenu::item:disabled { color: @muted; background: transparent; }
QMenu::separator { height: 1px; background: @line; margin: 4px 8px; }
QMenu::icon { padding-left: 8px; }

#engine_label { color: @muted; font-size: 11px; padding: 0 0 0 6px; }
#status { background: @window; }
#status QLabel { color: @muted; font-size: 11px; }
#status #mode { color: @text; }

#rail, #column { background: @window; }
#stage { background: @backdrop; }
#heading { color: @muted; font-size: 11px; font-weight: 600; }
#hint { color: @muted; font-size: 11px; }

QToolButton { background: transparent; border: 1px solid transparent; border-radius: 6px;
    padding: 4px; }
QToolButton:hover { background: @hover; }
QToolButton:pressed { background: @field; }
QToolButton:checked { background: @accent; }
QToolButton:focus { border-color: @accent; }
QToolButton:checked:focus { border-color: @text; }
QToolButton::menu-indicator { image: none; }

QPushButton { background: @raised; color: @text; border: 1px solid transparent;
    border-radius: 6px; padding: 5px 12px; min-height: 20px; }
QPushButton:hover { background: @hover; }
QPushButton:pressed { background: @field; }
QPushButton:focus { border-color: @accent; }
QPushButton:disabled { color: @muted; background: @window; }
QPushButton[primary="true"] { background: @accent; color: @on_accent; font-weight: 600; }
QPushButton[primary="true"]:hover { background: @accent_hover; }
QPushButton[primary="true"]:focus { border-color: @text; }

QLineEdit, QPlainTextEdit, QSpinBox { background: @field; color: @text; border-radius: 6px;
    border: 1px solid transparent; padding: 4px 8px; selection-background-color: @accent;
    selection-color: @on_accent; }
QLineEdit:focus, QPlainTextEdit:focus, QSpinBox:focus { border-color: @accent; }
QComboBox { background: @field; color: @text; border: 1px solid transparent; border-radius: 6px;
    padding: 4px 8px; min-height: 22px; }
QComboBox:hover { background: @hover; }
QComboBox:focus { border-color: @accent; }
QComboBox::drop-down { border: none; width: 20px; }
QComboBox::down-arrow { image: url(@icons;/arrow.svg); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: @raised; border: 1px solid @line; outline: 0;
    selection-background-color: @accent; selection-color: @on_accent; }

#prompt_bar, #gear_panel, #message_strip, #takes_strip, #compare_bar { background: @raised;
    border: 1px solid @line; border-radius: 10px; }
#popover { background: @raised; border: 1px solid @line; }
#prompt_bar QPlainTextEdit { background: transparent; border: none; padding: 0; }
#gear_panel QPlainTextEdit, #gear_panel QLineEdit { background: @field; }
#gear_panel QLineEdit { min-height: 22px; }
#message_strip QPushButton { background: @hover; }
#message_strip QPushButton:hover { background: @accent; color: @on_accent; }
#prompt_bar #generate { padding: 6px 16px; }
#progress { color: @muted; font-size: 11px; }
#chip { background: @field; border: 1px solid @line; border-radius: 11px; padding: 2px 12px;
    font-size: 11px; color: @text; min-height: 16px; }
#chip:hover { background: @hover; }
#chip:checked { background: @accent; color: @on_accent; }
#chip:focus { border-color: @accent; }
#chip:checked:focus { border-color: @text; }
#empty_title { font-size: 20px; }
#sample { background: transparent; border-radius: 8px; padding: 6px; }
#sample:hover { background: @hover; }
#sample:focus { border-color: @accent; }

QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QDialog QLabel { padding: 0 4px; }

QListView { background: transparent; border: none; outline: 0; }
QTreeView { background: @field; border: none; border-radius: 6px; outline: 0; padding: 4px; }
QTreeView::item { padding: 4px 6px; }
QTreeView::item:selected { background: @hover; color: @text; }
QHeaderView::section { background: @field; color: @muted; border: none; padding: 4px 6px; }
#steps::item { padding: 4px 6px; border-radius: 6px; }
#steps::item:hover { background: @raised; }
#steps::item:selected { background: @hover; color: @text; }
QScrollArea { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 8px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 8px; margin: 0; }
QScrollBar::handle { background: @hover; border-radius: 4px; min-width: 24px; min-height: 24px; }
QScrollBar::handle:hover { background: @muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
"""
