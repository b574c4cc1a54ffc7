"""The options of every command; a slip becomes one line that says what to do."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from studio import __version__
from studio.core.errors import UsageError
from studio.core.geometry import Size
from studio.core.samplers import SAMPLERS

_EXITS = """\
exit codes: 0 done, 2 wrong usage, 3 bad input file, 4 model missing, refused or unusable,
5 engine failed, 130 cancelled
"""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(
            f"{message[:1].upper()}{message[1:].rstrip('.')}.", f"See '{self.prog} --help'."
        )


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """The chosen command and its options.

    Raises:
        UsageError: They make no sense.
        SystemExit: Help or the version was asked for and is printed.
    """
    return _parser().parse_args(list(arguments))


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="sfumato",
        allow_abbrev=False,
        description="Paint with diffusion. 'sfumato [FILE]' opens the window; the commands below "
        "do a job without one.",
        epilog=_EXITS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"sfumato {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    common = _common()
    _imagine(commands.add_parser("imagine", parents=[common], help="make a picture from text"))
    _inpaint(commands.add_parser("inpaint", parents=[common], help="repaint a part of a picture"))
    _outpaint(commands.add_parser("outpaint", parents=[common], help="carry a picture on"))
    _erase(commands.add_parser("erase", help="take something out of a picture without a model"))
    _check(commands.add_parser("check", help="verify a project, and save what is whole of it"))
    _convert(commands.add_parser("convert", help="turn a picture into another kind of file"))
    _models(commands.add_parser("models", help="list, add and remove models"))
    return parser


def _common() -> _Parser:
    common = _Parser(add_help=False, allow_abbrev=False)
    add = common.add_argument
    add("--negative", default="", metavar="TEXT", help="what should not be there")
    add("--model", default="starter", metavar="KEY|PATH", help="what to paint with")
    add("--seed", type=_whole, metavar="N", help="the same seed makes the same picture")
    add("--steps", type=_whole, metavar="N", help="denoising steps; the model's own by default")
    add("--guidance", type=_number, metavar="X", help="how closely to follow the prompt")
    add("--strength", type=_number, metavar="X", help="how much may change, above 0 to 1")
    samplers = [one.key for one in SAMPLERS]
    add("--sampler", choices=samplers, metavar="NAME", help=", ".join(samplers))
    add("--count", type=_whole, default=1, metavar="N", help="how many takes to make")
    add(
        "--across",
        metavar="NAME=VALUES",
        help="a picture for each value, such as steps=10,20 or seed=1-4; NAME is prompt, negative, "
        "seed, steps, guidance, strength, sampler or schedule. Choices in the prompt, such as "
        "{red|blue}, make a picture each, too",
    )
    add("--down", dest="varied_down", metavar="NAME=VALUES", help="likewise; both make a grid")
    add("--sheet", type=Path, metavar="FILE", help="save a labelled contact sheet of a batch, too")
    _out(common, " Further takes get numbers.")
    _json(common)
    return common


def _out(parser: argparse.ArgumentParser, more: str = "") -> None:
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help=f"where to save, .png, .jpg or .webp; is overwritten.{more} "
        "By default a new name in the present folder",
    )


def _report(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--report",
        action="store_true",
        help="tell in figures what the edit did: whether all outside the mask is bit-identical, "
        "how many pixels changed, and the seam: colour steps over the mask's edge as a multiple "
        "of those around it",
    )


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="tell every event as a line of JSON")


def _imagine(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", metavar="TEXT", help="what the picture shows")
    parser.add_argument(
        "--size", type=_size, metavar="WxH", help="in px; the model's own by default"
    )


def _inpaint(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("image", type=Path, metavar="IMAGE")
    parser.add_argument(
        "--mask",
        metavar="MASK",
        help="a picture of the same size: white is repainted, black is kept, grey is between. Or "
        "'ellipse': a centred ellipse over the middle third; or 'all': the whole picture. Without "
        "it the transparent part of IMAGE is painted",
    )
    _task(
        parser,
        {
            "fill": "paint what the prompt says (default)",
            "add": "put something into the scene that is there",
            "remove": "take away what is masked; needs no prompt",
            "background": "keep what is masked and repaint everything else",
            "refine": "go gently over what is there; without a mask over everything",
            "vary": "four takes that differ from what is there",
        },
    )
    _prompt(parser)
    _report(parser)


def _prompt(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--prompt", metavar="TEXT", help="what should be there")


def _task(parser: argparse.ArgumentParser, tasks: dict[str, str]) -> None:
    listed = "; ".join(f"{key}: {what}" for key, what in tasks.items())
    parser.add_argument("--task", choices=tuple(tasks), metavar="NAME", help=listed)


def _outpaint(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("image", type=Path, metavar="IMAGE")
    for side in ("left", "top", "right", "bottom"):
        parser.add_argument(
            f"--{side}", type=_whole, default=0, metavar="N", help=f"px to add at the {side}"
        )
    _task(
        parser,
        {
            "expand": "a quarter on each side",
            "zoom_out": "half as large again, with the picture in the middle",
        },
    )
    _prompt(parser)
    _report(parser)


def _erase(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Cover what is masked with what surrounds it. Needs no model and no engine; nothing "
        "outside the mask changes."
    )
    parser.epilog = "exit codes: 0 done, 2 wrong usage, 3 bad input file, 130 cancelled"
    add = parser.add_argument
    add("image", type=Path, metavar="IMAGE")
    add(
        "--mask",
        required=True,
        metavar="MASK",
        help="a picture of the same size: white is taken out, black is kept, grey is between. Or "
        "'ellipse': a centred ellipse over the middle third",
    )
    add(
        "--fill",
        default="patch",
        metavar="NAME",
        help="patch: carry patterns on (default); smooth, blur, border: carry colours on; "
        "noise; plain: one colour",
    )
    add("--seed", type=_whole, default=0, metavar="N", help="of what is random; 0 by default")
    _out(parser)
    _report(parser)
    _json(parser)


def _check(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Verify every step, tile and record of a project; nothing in it is changed."
    )
    parser.epilog = "exit codes: 0 sound, 2 wrong usage, 3 damaged, no project or unreadable"
    parser.add_argument("file", type=Path, metavar="FILE", help="a project, .sfumato")
    parser.add_argument(
        "--salvage",
        type=Path,
        metavar="OUT",
        help="when it is damaged, write what is whole into a new project of this name",
    )
    _json(parser)


def _convert(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Read one file and write another; the endings of their names say how: projects (.sfumato), "
        "OpenRaster (.ora), Photoshop (.psd), PNG, JPEG, WebP and TIFF. Layers stay apart where "
        "both kinds have them; what is lost is said."
    )
    parser.epilog = "exit codes: 0 done, 2 wrong usage, 3 a file that cannot be read or written"
    parser.add_argument("source", type=Path, metavar="IN", help="is not changed")
    parser.add_argument("target", type=Path, metavar="OUT", help="is overwritten")
    _json(parser)


def _models(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    _json(actions.add_parser("list", help="what is installed"))
    add = actions.add_parser("add", help="put a model on the list; it stays where it is")
    add.add_argument("path", type=Path, metavar="PATH", help=".safetensors or diffusers folder")
    _json(add)
    remove = actions.add_parser("remove", help="take a model off the list; its files stay")
    remove.add_argument("key", metavar="KEY")
    _json(remove)


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number") from error


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number") from error


def _size(text: str) -> Size:
    found = re.fullmatch(r"(\d{1,6})\s*[x×*]\s*(\d{1,6})", text.strip().lower())
    if found is None:
        raise argparse.ArgumentTypeError(f"'{text}' is not a size such as 512x384")
    size = Size(int(found[1]), int(found[2]))
    if size.empty:
        raise argparse.ArgumentTypeError(f"a picture of {text} px has no pixel")
    return size
