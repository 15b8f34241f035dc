"""One thing that worked for users at base and may no longer do so at head."""

from typing import Literal

import msgspec

Surface = Literal[
    "python",
    "command line",
    "environment",
    "entry point",
    "python version",
    "dependency",
    "payload",
    "http",
    "database",
    "behaviour",
]


class Announcement(msgspec.Struct, frozen=True):
    """What base said about the end of something.

    Args:
        path: The file that says it.
        line: 1-based line.
        version: The version that it was to go in; None when none is named.
    """

    path: str
    line: int
    version: str | None


class Break(msgspec.Struct, frozen=True):
    """One break of a contract.

    Args:
        surface: Where users meet it.
        code: Its kind, for instance `parameter-removed`.
        symbol: What is broken, by the name that users know it under.
        message: What happened to it, in one line.
        path: The file at head; at base for what is gone.
        line: 1-based line in `path`.
        certain: Code that worked fails; otherwise it depends on how the thing was used.
        declared: Users were told of the thing: it is exported, documented or installed.
        names: Words of which a record must hold one to speak of it; the first is the most telling.
        remedy: What those who use it have to do, where that can be told.
        announced: What base said about its end.
        module: Of a Python name, the dotted name of its module.
        owner: Of a member, the class that it stands in.
    """

    surface: Surface
    code: str
    symbol: str
    message: str
    path: str
    line: int
    certain: bool = True
    declared: bool = True
    names: tuple[str, ...] = ()
    remedy: str = ""
    announced: Announcement | None = None
    module: str = ""
    owner: str = ""
