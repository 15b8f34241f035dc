"""The command line: parse, run, print, exit; it decides nothing.

Each command lives in a module of its own, imported when it is called.
"""

import gc
import importlib
import os
import signal
import sys
import traceback
from pathlib import Path
from types import FrameType

import click
from click.shell_completion import CompletionItem

from dodcheck import __version__
from dodcheck.errors import DodcheckError, UsageError

_COMMANDS = {
    "check": "Check a change against the Definition of Done.",
    "report": "Write the task report of a change.",
    "done": "Check a task's change; only if it is done, set the task's status and write its report.",
    "notes": "Draft the handoff notes of a task, with what is known of its change.",
    "rules": "List the rules, or which of them answer a definition's items.",
    "explain": "Explain one rule: what, why, examples, settings.",
    "init": "Write the configuration and the commit hook.",
    "hook": "Answer the hooks of a coding agent: JSON in, JSON out.",
    "mcp": "Serve check, explain, report and notes to a coding agent, by the Model Context Protocol.",
    "audit": "Replay the definition over merged changes: what would have failed, and which rules are noisy.",
    "doctor": "Tell what a check needs and finds here, and what to mend.",
    "cache": "Tell what earlier runs left for later ones, or throw it away.",
    "schema": "Print the JSON schema of the result.",
}
UNDECIDED = 2
INTERRUPTED = 130
_ASKED_TO_STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class _Lazy(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"dodcheck.cli.{cmd_name}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        found = [CompletionItem(name, help=words) for name, words in _COMMANDS.items() if name.startswith(incomplete)]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]  # a Group's own imports every command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx  # the list above spares importing every command
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="dodcheck")
def cli() -> None:
    """Prove your team's Definition of Done: every checkbox, checked over one git change.

    \b
    Exit codes: 0 done (or nothing wrong in what was checked) · 1 not done ·
    2 undecided, bad usage or bad configuration · 130 interrupted.
    """


def main() -> None:
    """Run the command line; the exit status is the verdict."""
    for number in _ASKED_TO_STOP:
        if number is signal.SIGINT or signal.getsignal(number) is not signal.SIG_IGN:  # nohup
            signal.signal(number, _interrupt)
    gc.set_threshold(
        200_000, 30, 30
    )  # as mypy does: syntax trees are no garbage, and looking through them costs a tenth
    try:
        _stand_somewhere()
        code = cli.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = UNDECIDED
    except DodcheckError as error:
        from dodcheck.verdict import visible  # noqa: PLC0415 - a start pays for it when there is something to tell

        click.echo(f"dodcheck: {visible(str(error))}", err=True)
        code = UNDECIDED
    except (KeyboardInterrupt, click.Abort):
        click.echo("dodcheck: interrupted", err=True)
        code = INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        code = UNDECIDED
    except Exception as error:  # noqa: BLE001 - a crash of ours is no verdict: 2, where Python would exit 1
        _tell(error)
        code = UNDECIDED
    if code == UNDECIDED and sys.argv[1:2] == ["hook"]:
        code = 0  # an agent takes 2 for a block, and no error of ours is a reason to go on
    sys.exit(code if isinstance(code, int) else 0)


def _tell(error: Exception) -> None:
    from dodcheck.sources.room import FULL  # noqa: PLC0415 - a start pays for it when there is something to tell

    if isinstance(error, OSError) and error.errno in FULL:
        click.echo(f"dodcheck: {error.filename or 'standard output'}: {error.strerror}; make room there", err=True)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what is left to write is not tried once more
        return
    traceback.print_exc()
    click.echo(f"dodcheck {__version__} crashed; this is a bug: please report the lines above", err=True)


def _stand_somewhere() -> None:
    try:
        Path.cwd()
    except FileNotFoundError:
        raise UsageError("the current folder is gone", "change to one that is there") from None


def _interrupt(number: int, frame: FrameType | None) -> None:
    """End the children first: rules wait for them, and the way out waits for the rules; then unwind.

    A second signal must not stop the clearing up that the first one began.
    """
    del number, frame
    for one in _ASKED_TO_STOP:
        signal.signal(one, lambda *_: None)
    module = sys.modules.get("dodcheck.sources.children")
    if module is None:
        raise KeyboardInterrupt
    module.stop(KeyboardInterrupt())
