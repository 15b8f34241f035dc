"""Pages of the documentation that come from the code itself: rules, configuration, formats, keys of the JSON."""

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from json_page import json_page
from markup import code, fenced, table, words

from dodcheck.cli.options import FORMATS, SUFFIXES
from dodcheck.config import Config, Tests, Types, Waiver
from dodcheck.explanation import Example, Explanation
from dodcheck.keys import Key, keys_of
from dodcheck.registry import load
from dodcheck.report import EXIT, json_schema
from dodcheck.rule import Status

_RULES = """# Rules

An item of a definition is answered by the rules whose wording it has; `dodcheck rules --definition FILE` shows which.
`dodcheck explain RULE` prints on a terminal what stands on a rule's page here.

A *fast* rule runs with `--fast` as well, as at a commit; a *full* one needs the tests or the type checker."""
_HEADINGS = {"definition of done": "Definition of Done", "ml conventions": "ML conventions"}

_CONFIGURATION = """# Configuration

`[tool.dodcheck]` in `pyproject.toml`, or the same keys at the top of `dodcheck.toml`. It is read from base, so that a
change cannot configure its own check. An unknown key is an error that names the nearest one. What `sandbox` keeps code
of the project from stands in [Sandbox](../sandbox.md).

```toml
needs-review = "block"
python = ".venv/bin/python"

[rules.function-length]
limit = 40

[[waivers]]
rule = "type-hints"
path = "legacy/**"
reason = "typed when it is replaced"
expires = 2027-06-30
```

## Keys
"""
_TABLES = (
    ("types", Types, "`[tool.dodcheck.types]`"),
    ("tests", Tests, "`[tool.dodcheck.tests]`"),
    ("waivers", Waiver, "`[[tool.dodcheck.waivers]]`, one table each"),
)
_OF_RULES = """
## Settings of rules

Each in `[tool.dodcheck.rules.RULE]`. Numbers and names in an item's own words go before them: "functions under 30
lines" sets the limit.
"""

_FORMATS = """# Formats and exit codes

`--format FORMAT` says what is printed; `-o FILE` writes a file as well, in the format of its name, and may repeat. The
exit code is the verdict's, whatever the format.
"""
_ENDS = {
    "done": "every item is proved, does not apply, is waived, or is explained by the author",
    "partial": "nothing wrong in what was checked; `--fast`, `--select`, `--ignore` or `--staged` left something out",
    "not-done": "an item fails, or waits for a person and nobody has explained it",
    "undecided": "a check could not run; also bad usage and bad configuration",
}
_INTERRUPTED = ("", "130", "interrupted (Ctrl-C, SIGTERM)")
_OTHER_ENDS = """
`dodcheck report` exits 0 whatever the verdict is, and `dodcheck hook stop` always; `dodcheck doctor` exits 1 when a
check would end in an error. `--strict` lets explained items block as well."""


def write(folder: Path) -> None:
    """Write every generated page anew.

    Args:
        folder: Where they go; what else is in it is removed.
    """
    shutil.rmtree(folder, ignore_errors=True)
    explained = [Explanation.of(one) for one in load().values()]
    pages = {
        "rules/index.md": _index(explained),
        "configuration.md": _configuration(explained),
        "formats.md": _formats(),
        "json.md": json_page(),
        **{f"rules/{one.rule.id}.md": _rule(one) for one in explained},
    }
    for name, lines in pages.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "schema.json").write_text(json_schema(), encoding="utf-8")


def _index(explained: Iterable[Explanation]) -> Iterator[str]:
    """Yield the list of rules, group by group."""
    groups: dict[str, list[Explanation]] = {}
    for one in explained:
        groups.setdefault(one.group, []).append(one)
    yield _RULES
    for group, members in groups.items():
        yield f"\n## {_HEADINGS.get(group, group.capitalize())}\n"
        rows = [(_linked(m.rule.id, ""), words(m.rule.title), "fast" if m.fast else "full") for m in members]
        yield from table(("rule", "decides", "runs"), rows)
        yield "\n```{toctree}\n:hidden:\n"
        yield from (m.rule.id for m in members)
        yield "```"


def _linked(rule: str, folder: str) -> str:
    return f"[{code(rule)}]({folder}{rule}.md)"


def _rule(one: Explanation) -> Iterator[str]:
    yield f"# {one.rule.id}"
    yield f"\n**{words(one.rule.title)}.**\n"
    yield words(one.rule.why)
    yield "\n:Group: " + one.group
    yield ":Runs: " + one.speed.replace("--fast", "`--fast`")
    yield ":Holds of: " + one.scope
    if one.settings:
        yield f"\n## Settings\n\nIn `[tool.dodcheck.rules.{one.rule.id}]`:\n"
        yield from _key_table(one.settings)
    yield "\n## Examples"
    for example in one.examples:
        yield from _example(example)
    yield f"\n{len(one.rule.cases)} cases in all stand with the rule; they are its tests."


def _example(one: Example) -> Iterator[str]:
    look = {Status.FAIL: "danger", Status.PASS: "tip"}.get(one.status, "note")
    yield f"\n``````{{admonition}} {one.label}: {words(one.name)}\n:class: {look}\n"
    for line in one.given:
        name, _, said = line.partition(": ")
        yield f"- {words(name)}: {code(said)}"
    for when, path, text in one.files:
        yield f"\n{when.capitalize()} the change, {code(path)}:\n"
        yield from fenced(path, text)
    yield "``````"


def _configuration(explained: Iterable[Explanation]) -> Iterator[str]:
    yield _CONFIGURATION
    yield from _key_table(keys_of(Config))
    for name, model, where in _TABLES:
        yield f"\n## {name}\n\nIn {where}:\n"
        yield from _key_table(keys_of(model))
    yield _OF_RULES
    rows = [(_linked(one.rule.id, "rules/"), *_cells(key)) for one in explained for key in one.settings]
    yield from table(("rule", "key", "takes", "default", "meaning"), rows)


def _key_table(keys: Iterable[Key]) -> Iterator[str]:
    return table(("key", "takes", "default", "meaning"), map(_cells, keys))


def _cells(key: Key) -> tuple[str, ...]:
    default = "required" if key.required else code(key.default) if key.default not in {None, '""'} else ""
    return code(key.name), words(key.kind), default, words(key.meaning)


def _formats() -> Iterator[str]:
    yield _FORMATS
    named = {one: [pattern for pattern, of in SUFFIXES.items() if of == one] for one in FORMATS}
    rows = [(code(one), ", ".join(map(code, named[one])), said) for one, said in FORMATS.items()]
    yield from table(("`--format`", "`-o` a file named", "what it is"), rows)
    yield "\n## Exit codes\n"
    ends = [(code(verdict), str(exit_code), _ENDS[verdict]) for verdict, exit_code in EXIT.items()]
    yield from table(("verdict", "exit code", "when"), [*ends, _INTERRUPTED])
    yield _OTHER_ENDS
