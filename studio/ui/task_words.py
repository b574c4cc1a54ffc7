"""What the tasks are called, and what each does in one sentence."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

#: The tasks as they are offered; keys of `jobs.tasks.TASKS`, which this file does not load, as
#: numpy comes with it and only after the first painted frame.
KEYS = ("fill", "add", "remove", "background", "expand", "refine", "vary", "zoom_out")


@dataclass(frozen=True, slots=True)
class TaskWords:
    """One task for an artist.

    Attributes:
        title: What the selector shows.
        verb: What the button says that runs it.
        sentence: What it does.
        hint: What the prompt asks for while it is empty.
        keys: The shortcut that runs it at once.
    """

    title: str
    verb: str
    sentence: str
    hint: str
    keys: str


def words(key: str) -> TaskWords:
    """The words for the task of that key.

    Raises:
        KeyError: There is none.
    """
    return _all()[key]


def _all() -> dict[str, TaskWords]:
    here = _tr("What should be there?")
    return {
        "fill": TaskWords(
            _tr("Fill"),
            _tr("Generate"),
            _tr("Paint what the prompt says into the mask, or without one into the whole frame."),
            here,
            "Alt+1",
        ),
        "add": TaskWords(
            _tr("Add"),
            _tr("Add"),
            _tr("Put something into the scene: what lies under the mask still guides it."),
            _tr("What should be added?"),
            "Alt+2",
        ),
        "remove": TaskWords(
            _tr("Remove"),
            _tr("Remove"),
            _tr("Take away what is masked and carry on what lies around it; needs no words."),
            _tr("Needs no words: what is masked goes"),
            "Alt+3",
        ),
        "background": TaskWords(
            _tr("Background"),
            _tr("Replace"),
            _tr("Keep what is masked and repaint everything else."),
            _tr("What should be behind it?"),
            "Alt+4",
        ),
        "expand": TaskWords(
            _tr("Expand"),
            _tr("Expand"),
            _tr("Carry the picture on beyond its edges, as far as the frame goes."),
            _tr("What should be around it?"),
            "Alt+5",
        ),
        "refine": TaskWords(
            _tr("Refine"),
            _tr("Refine"),
            _tr("Go gently over what is there, in the mask or everywhere: the content stays."),
            _tr("What is it? Words may help"),
            "Alt+6",
        ),
        "vary": TaskWords(
            _tr("Variations"),
            _tr("Vary"),
            _tr("Four takes that differ from what is there, in the mask or everywhere."),
            _tr("What is it? Words may help"),
            "Alt+7",
        ),
        "zoom_out": TaskWords(
            _tr("Zoom out"),
            _tr("Zoom out"),
            _tr("Show more of the scene on every side of the picture."),
            _tr("What should be around it?"),
            "Alt+8",
        ),
    }


def _tr(text: str) -> str:
    return QCoreApplication.translate("Tasks", text)
