"""`dodcheck rules`."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

import click

from dodcheck.binding import bind
from dodcheck.cli.definitions import find, read_file
from dodcheck.cli.width import columns
from dodcheck.config import Config, load
from dodcheck.definition import Definition
from dodcheck.engine import is_fast
from dodcheck.errors import UsageError
from dodcheck.registry import load as load_rules
from dodcheck.rule import Rule
from dodcheck.sources.plumbing import EMPTY_TREE, Git
from dodcheck.sources.snapshots import GitSnapshot
from dodcheck.sources.trees import working_tree
from dodcheck.wording import plain

_ONE_LINE = 10_000  # columns where nobody looks: whatever reads it wants one rule a line


@click.command()
@click.option("--definition", metavar="FILE", help="Show which rules answer this definition's items.")
@click.option("--agent", metavar="NAME", help="The same for .claude/agents/NAME.md or agents/NAME.md.")
def rules(definition: str | None, agent: str | None) -> None:
    """List the rules, or which of them answer a definition's items.

    With --definition or --agent every item of that document is listed with the rules that its
    wording binds it to; an item that no rule answers is said to be so.
    """
    if definition and agent:
        raise UsageError("--definition and --agent both name the definition", "give one of them")
    if definition or agent:
        found, config, known = _read(definition, agent)
        _show_binding(found, config, known)
    else:
        _show_rules(load_rules())


def _read(definition: str | None, agent: str | None) -> tuple[Definition, Config, Mapping[str, Rule]]:
    """Read the definition, and the configuration of the repository around it when there is one."""
    with tempfile.TemporaryDirectory(prefix="dodcheck-rules-") as folder:
        try:
            git = Git.open(Path.cwd(), Path(folder) / "objects")
        except UsageError:
            if definition is None:
                raise
            return read_file(Path(definition)), Config(), load_rules()
        try:
            head = GitSnapshot(git, working_tree(git, Path(folder)).id, "working tree")
            config = load(head.read).config
            found = find(definition, agent, None, GitSnapshot(git, EMPTY_TREE, "base"), head, git.top)
            return found.definition, config, load_rules(git.top / one for one in config.rule_folders)
        finally:
            git.close()


def _show_binding(found: Definition, config: Config, known: Mapping[str, Rule]) -> None:
    bindings = bind(found.items, known, config.bind)
    click.echo(f"{found.title} ({found.path})")
    section = None
    unbound = 0
    for item in found.items:
        if item.section != section:
            section = item.section
            click.echo(f"\n{section}")
        bound = bindings.get(item.id, ())
        unbound += not bound
        names = ", ".join(_named(one.rule_id, one.options, one.how) for one in bound)
        click.echo(click.wrap_text(plain(item.text), columns(_ONE_LINE), f"  {item.line:>4}  ", " " * 8))
        click.echo(f"        → {names or 'no rule yet: a person must settle it'}")
    if found.report_sections:
        click.echo(f"\nReport sections: {'; '.join(found.report_sections)}")
    click.echo(f"\n{len(found.items)} items, {len(found.items) - unbound} bound, {unbound} unbound")


def _named(rule_id: str, options: Mapping[str, str], how: str) -> str:
    given = f" ({', '.join(f'{key}={value}' for key, value in options.items())})" if options else ""
    return f"{rule_id}{given}" + (f" [{how}]" if how != "wording" else "")


def _show_rules(known: Mapping[str, Rule]) -> None:
    groups: dict[str, list[tuple[str, str]]] = {}
    longest = max(map(len, known))
    for one in known.values():
        speed = "fast" if is_fast(one.check) else "full"
        name = f"{one.id:<{longest}}  {speed}  {one.scope:<6}"
        groups.setdefault(one.group.replace("_", " "), []).append((name, one.title))
    listed = click.HelpFormatter(width=columns(_ONE_LINE))
    for group, rows in groups.items():
        with listed.section(group):
            listed.write_dl(rows, col_max=len(rows[0][0]))
    click.echo(listed.getvalue().lstrip("\n"))
    click.echo("fast: runs at a commit · full: runs code or the type checker · `dodcheck explain RULE` tells more")
