"""`dodcheck explain`."""

import difflib
import re
import textwrap
from collections.abc import Iterator

import click

from dodcheck.cli.width import columns
from dodcheck.errors import UsageError
from dodcheck.explanation import Example, Explanation
from dodcheck.registry import load
from dodcheck.store import cache_home

_WIDTH = 80  # columns of prose, where nobody looks too


def _named(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """Complete the name of a rule in a shell."""
    del context, parameter
    return [name for name in load(home=cache_home()) if name.startswith(incomplete)]


@click.command()
@click.argument("name", metavar="RULE", shell_complete=_named)
def explain(name: str) -> None:
    """Explain one rule: what it decides, why, examples that fail and pass, its settings."""
    rules = load()
    if name not in rules:
        near = difflib.get_close_matches(name, rules, 1)
        raise UsageError(f"no rule {name!r}", f"did you mean {near[0]!r}?" if near else "see `dodcheck rules`")
    told = Explanation.of(rules[name])
    width = min(_WIDTH, columns(_WIDTH))
    click.echo("\n".join([*_prose(told, width), *_settings(told, width), *_examples(told, width)]))


def _prose(told: Explanation, width: int) -> Iterator[str]:
    one = told.rule
    yield click.wrap_text(f"{one.id}: {one.title}.", width)
    yield ""
    yield click.wrap_text(re.sub(r"(?<=\S)  +", " ", one.why), width, preserve_paragraphs=True)
    yield ""
    yield f"Group: {told.group}"
    yield f"Runs: {told.speed}"
    yield f"Holds of: {told.scope}"


def _settings(told: Explanation, width: int) -> Iterator[str]:
    if told.settings:
        yield f"\nSettings, in [tool.dodcheck.rules.{told.rule.id}]:"
    for key in told.settings:
        default = f" = {key.default}" if key.default is not None else ""
        yield _indented(f"{key.name}{default}  ({key.kind})", 2, width)
        yield click.wrap_text(key.meaning, width, " " * 6, " " * 6)


def _examples(told: Explanation, width: int) -> Iterator[str]:
    for example in told.examples:
        yield from _example(example, width)
    yield f"\n{len(told.rule.cases)} cases in all stand in the rule's own file; they are its tests."


def _example(one: Example, width: int) -> Iterator[str]:
    yield ""
    yield _indented(f"{one.label}: {one.name}", 0, width)
    yield from (_indented(line, 4, width) for line in one.given)
    for when, path, text in one.files:
        yield f"    {when}: {path}"
        yield from (f"      | {line}".rstrip() for line in text.splitlines())  # code is shown as it is


def _indented(text: str, indent: int, width: int) -> str:
    left = " " * indent
    return textwrap.fill(text, width, initial_indent=left, subsequent_indent=f"{left}  ", break_on_hyphens=False)
