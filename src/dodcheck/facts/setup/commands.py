"""Commands and their options as values, whichever library defines them."""

from collections.abc import Mapping

import msgspec


class CommandOption(msgspec.Struct, frozen=True):
    """An option or an argument of a command.

    Args:
        command: The command; empty for the program itself, and where argparse does not tell.
        names: How users write it; for an argument, its name.
        positional: It is an argument.
        required: The command fails without it.
        default: Text of the default; None when there is none, or when it cannot be told.
        choices: The values that it takes, where they are listed.
        flag: It takes no value.
        path: The file.
        line: 1-based line.
    """

    command: str
    names: tuple[str, ...]
    positional: bool
    required: bool
    default: str | None
    choices: frozenset[str] | None
    flag: bool
    path: str
    line: int

    @property
    def flags(self) -> tuple[str, ...]:
        """Its long spellings: `--dry-run`."""
        return tuple(name for name in self.names if name.startswith("--") and len(name) > len("--"))


class CommandFace(msgspec.Struct, frozen=True):
    """What users of one module's commands may write.

    Args:
        path: The module's file.
        commands: Names of commands, each with its line.
        options: Their options and arguments.
        exits: Literal exit codes by the function that ends with them.
        open_ended: Commands that take options which are not spelt out here.
        stray: Options of functions that nothing here makes a command of; another module may.
    """

    path: str
    commands: Mapping[str, int]
    options: tuple[CommandOption, ...]
    exits: Mapping[str, frozenset[int]]
    open_ended: frozenset[str] = frozenset()
    stray: tuple[CommandOption, ...] = ()
