"""`dodcheck explain`."""

import difflib
from collections.abc import Mapping

import click
import msgspec

from dodcheck.engine import is_fast
from dodcheck.errors import UsageError
from dodcheck.registry import load
from dodcheck.rule import Case, Rule, Status
from dodcheck.sources.caches import cache_home

_EXAMPLES = 2


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
    one = rules[name]
    speed = "fast: static" if is_fast(one.check) else "runs the type checker or the tests; left out by --fast"
    click.echo(f"{one.id}: {one.title}.\n\n{one.why}\n")
    click.echo(f"Group: {one.group.replace('_', ' ')}. Speed: {speed}. Holds of: every {one.scope}.")
    _show_settings(one)
    for status, title in ((Status.FAIL, "Fails"), (Status.PASS, "Passes"), (Status.NOT_APPLICABLE, "Does not apply")):
        for case in [case for case in one.cases if case.expect is status][:_EXAMPLES]:
            _show_case(title, case)
    rest = [case for case in one.cases if case.expect in {Status.NEEDS_REVIEW, Status.ERROR}]
    for case in rest[:_EXAMPLES]:
        _show_case("Needs a person" if case.expect is Status.NEEDS_REVIEW else "Cannot tell", case)
    click.echo(f"\n{len(one.cases)} cases in all stand in the rule's own file; they are its tests.")


def _show_settings(one: Rule) -> None:
    fields = msgspec.structs.fields(one.options)
    if fields:
        click.echo(f"\nSettings, in [tool.dodcheck.rules.{one.id}]:")
    for field in fields:
        kind = getattr(field.type, "__name__", None) or str(field.type).replace("typing.", "")
        click.echo(f"  {field.name.replace('_', '-')} = {_toml(field.default)}  ({kind})")


def _toml(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _show_case(title: str, case: Case) -> None:
    click.echo(f"\n{title}: {case.name}")
    if case.options:
        click.echo(f"    settings: {', '.join(f'{key} = {_toml(value)}' for key, value in case.options.items())}")
    changed = {path: text for path, text in case.after.items() if case.before.get(path) != text}
    _show_files("after", changed)
    _show_files(
        "before", {path: case.before[path] for path in case.before if case.after.get(path) != case.before[path]}
    )


def _show_files(when: str, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        click.echo(f"    {when}: {path}")
        for line in text.splitlines():
            click.echo(f"      | {line}")
