"""The documentation says what the code says; `make site` builds it, with warnings as errors."""

from datetime import date
from pathlib import Path
from typing import Any, Literal

import msgspec
import pages
import pytest
from markup import code, table, words
from readme_table import README

from dodcheck.cli.options import FORMATS, SUFFIXES
from dodcheck.config import Config
from dodcheck.explanation import Explanation
from dodcheck.keys import Key, keys_of
from dodcheck.registry import load
from dodcheck.report import Report
from dodcheck.rule import Case
from dodcheck.testing import verdict_of

DOCS = Path(__file__).parent.parent / "docs"
OWN = load([DOCS / "own_rule"])["todo-owners"]


class Table(msgspec.Struct, rename="kebab"):
    """A table of settings.

    Args:
        how_many: So many,
            and no more.
        both: Either of two.
    """

    how_many: int
    both: Literal["a", "b"] = "a"
    some: tuple[Literal["x", "y"], ...] = ()
    lists: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    free: dict[str, Any] = msgspec.field(default_factory=dict)
    until: date | None = None
    on: bool = False
    inner: Config = Config()


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("generated")
    (folder / "old.md").touch()
    pages.write(folder)
    return folder


def test_keys_are_told_from_fields_and_docstring() -> None:
    assert keys_of(Table) == (
        Key("how-many", "whole number", None, required=True, meaning="So many, and no more."),
        Key("both", '"a" or "b"', '"a"', required=False, meaning="Either of two."),
        Key("some", 'list out of "x", "y"', "[]", required=False, meaning=""),
        Key("lists", "table of lists of texts", "{}", required=False, meaning=""),
        Key("free", "table", "{}", required=False, meaning=""),
        Key("until", "date", None, required=False, meaning=""),
        Key("on", "true or false", "false", required=False, meaning=""),
        Key("inner", "table", None, required=False, meaning=""),
    )


@pytest.mark.parametrize("name", load())
def test_every_setting_of_a_rule_has_a_meaning(name: str) -> None:
    assert all(key.meaning for key in Explanation.of(load()[name]).settings)


def test_every_rule_has_a_page(written: Path) -> None:
    index = (written / "rules" / "index.md").read_text("utf-8")
    for one in load().values():
        page = (written / "rules" / f"{one.id}.md").read_text("utf-8")
        assert page.startswith(f"# {one.id}\n")
        assert "{admonition} Fails: " in page
        assert "{admonition} Passes: " in page
        assert all(code(key.name) in page for key in keys_of(one.options))
        assert f"]({one.id}.md)" in index
    assert not (written / "old.md").exists()


def test_every_key_and_format_is_documented(written: Path) -> None:
    configuration = (written / "configuration.md").read_text("utf-8")
    assert all(f"| {code(key.name)} | {words(key.kind)} |" in configuration for key in keys_of(Config))
    formats = (written / "formats.md").read_text("utf-8")
    assert all(f"| {code(name)} |" in formats for name in FORMATS)
    assert all(code(pattern) in formats for pattern in SUFFIXES)
    told = (written / "json.md").read_text("utf-8")
    assert all(f"| {code(field.encode_name)} |" in told for field in msgspec.structs.fields(Report))


def test_the_readme_says_of_formats_what_the_command_says() -> None:
    readme = README.read_text("utf-8")
    assert all(f"| {words} |" in readme for words in FORMATS.values())


@pytest.mark.parametrize("case", OWN.cases, ids=lambda case: case.name)
def test_the_rule_that_is_shown_holds_its_cases(case: Case) -> None:
    assert verdict_of(OWN, case).status is case.expect


def test_words_are_no_markup() -> None:
    assert words("a *b* [c](d) `*args` <e>\n\nf_g") == r"a \*b\* \[c\](d) `*args` \<e\>" + "\n\n" + r"f\_g"
    assert code("a `b`") == "`` a `b` ``"
    assert list(table(("a",), [("`x|y`",)]))[-1] == r"| `x\|y` |"
