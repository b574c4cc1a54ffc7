"""The progress in the Windows taskbar, by ITaskbarList3; not tried on a Windows machine yet.

Source: https://learn.microsoft.com/windows/win32/api/shobjidl_core/nn-shobjidl_core-itaskbarlist3
"""

from __future__ import annotations

import sys

if sys.platform == "win32":
    import ctypes
    from ctypes import POINTER, byref, c_int, c_ulonglong, c_void_p
    from functools import cache

    #: CLSID_TaskbarList and IID_ITaskbarList3, shobjidl_core.h.
    _CLASS = "{56FDF344-FD6D-11D0-958A-006097C9A090}"
    _INTERFACE = "{EA1AFB91-9E28-4B86-90E9-9E9F8A5EEFAF}"
    #: Places in its table of functions: HrInit, SetProgressValue, SetProgressState.
    _INIT, _VALUE, _STATE = 3, 9, 10
    _NO_PROGRESS, _NORMAL = 0, 2
    _IN_PROCESS = 1

    def show(window: int, percent: int | None) -> None:
        """Show it on the button of a window.

        Args:
            window: Its handle.
            percent: 0 to 100; None: nothing runs.
        """
        taskbar = _taskbar()
        if taskbar is None:
            return
        state = _NO_PROGRESS if percent is None else _NORMAL
        _call(taskbar, _STATE, (c_void_p, c_int), c_void_p(window), state)
        if percent is not None:
            kinds = (c_void_p, c_ulonglong, c_ulonglong)
            _call(taskbar, _VALUE, kinds, c_void_p(window), percent, 100)

    @cache
    def _taskbar() -> c_void_p | None:
        """The interface; None where there is none. It is kept as long as the program runs."""
        ole = ctypes.windll.ole32
        class_id, interface = (ctypes.create_string_buffer(16) for _ in range(2))
        ole.CLSIDFromString(ctypes.c_wchar_p(_CLASS), class_id)
        ole.CLSIDFromString(ctypes.c_wchar_p(_INTERFACE), interface)
        ole.CoInitialize(None)
        found = c_void_p()
        failed = ole.CoCreateInstance(class_id, None, _IN_PROCESS, interface, byref(found))
        if failed or not found:
            return None
        return None if _call(found, _INIT, ()) else found

    def _call(this: c_void_p, place: int, kinds: tuple[type, ...], *values: object) -> int:
        """Call a function of a COM object by its place in the table; 0 is success."""
        table = ctypes.cast(this, POINTER(POINTER(c_void_p)))[0]
        function = ctypes.WINFUNCTYPE(ctypes.c_long, c_void_p, *kinds)(table[place])
        return int(function(this, *values))

else:

    def show(_window: int, _percent: int | None) -> None:
        """Nothing: there is no such taskbar."""
