"""Gherkin features, read by Cucumber's own parser."""

from collections.abc import Iterator, Sequence
from typing import Any

from dodcheck.errors import ToolError
from dodcheck.facts.scenarios.scenario import Scenario, ScenarioFile

_SKIPPING = {"@skip", "@wip", "@ignore", "@ignored", "@disabled", "@pending", "@xfail", "@todo"}


def read_feature(text: str, path: str) -> ScenarioFile:
    """Read a feature file; an outline is one scenario, its examples are part of it.

    Raises:
        ToolError: It is no Gherkin.
    """
    from gherkin.errors import ParserError  # noqa: PLC0415 - 20 ms that only changes near features pay
    from gherkin.parser import Parser  # noqa: PLC0415 - see above

    try:
        feature = Parser().parse(text).get("feature")
    except ParserError as error:
        first = str(error).splitlines()[-1]
        raise ToolError(f"{path}: no Gherkin that can be read ({first})", "mend the feature file") from error
    if not feature:
        return ScenarioFile(path, "gherkin", (), "", text)
    tags = _tags(feature)
    found = list(_scenarios(feature["children"], feature["name"], path, tags, ()))
    around = "\n".join([*sorted(tags), *_backgrounds(feature["children"])])
    return ScenarioFile(path, "gherkin", tuple(found), around, text)


def _scenarios(
    children: Sequence[Any], group: str, path: str, tags: frozenset[str], before: tuple[str, ...]
) -> Iterator[Scenario]:
    given = before
    for child in children:
        if "background" in child:
            given += tuple(step["text"] for step in child["background"]["steps"])
        elif "rule" in child:
            one = child["rule"]
            yield from _scenarios(one["children"], group, path, tags | _tags(one), given)
        elif "scenario" in child:
            one = child["scenario"]
            own = tags | _tags(one)
            steps = tuple(step["text"] for step in one["steps"])
            skipped = any(tag.partition("(")[0].lower() in _SKIPPING for tag in own)
            text = "\n".join([*sorted(own), *_written(one)])
            title = one["name"] or next(iter(steps), "")
            yield Scenario(path, title, group, one["location"]["line"], skipped, text, given + steps)


def _backgrounds(children: Sequence[Any]) -> Iterator[str]:
    for child in children:
        if "background" in child:
            yield from _written(child["background"])
        elif "rule" in child:
            yield from _backgrounds(child["rule"]["children"])


def _written(one: Any) -> Iterator[str]:  # noqa: ANN401 - a node of the parser's
    for step in one["steps"]:
        yield f"{step['keyword']}{step['text']}"
        yield step.get("docString", {}).get("content", "")
        yield from _rows(step.get("dataTable", {}).get("rows", ()))
    for examples in one.get("examples", ()):
        header = [examples["tableHeader"]] if "tableHeader" in examples else []
        yield from _rows([*header, *examples.get("tableBody", ())])


def _rows(rows: Sequence[Any]) -> Iterator[str]:
    yield from (" | ".join(cell["value"] for cell in row["cells"]) for row in rows)


def _tags(one: Any) -> frozenset[str]:  # noqa: ANN401 - a node of the parser's
    return frozenset(tag["name"] for tag in one.get("tags", ()))
