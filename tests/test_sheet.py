"""Styled lines fit the terminal, whatever they are made of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from dodcheck.sheet import Sheet


def sheet(width: int = 20, *, terminal: bool = False, color: bool = False) -> Sheet:
    return Sheet(terminal=terminal, color=color, width=width)


def test_lines_break_between_words_and_go_on_under_their_beginning() -> None:
    page = sheet()
    page.line("one two three four five", indent=2, mark=("· ", "dim"))
    page.line()
    page.line("a" * 25)
    assert page.text() == "  · one two three\n    four five\n\n" + "a" * 20 + "\n" + "a" * 5 + "\n"


def test_styles_go_on_over_a_break() -> None:
    page = sheet(terminal=True, color=True)
    page.line(("place ", "cyan"), ("a long message here", "bold red"))
    assert page.text() == "\x1b[36mplace \x1b[0m\x1b[31m\x1b[1ma long message\x1b[0m\n\x1b[31m\x1b[1mhere\x1b[0m\n"
    page = sheet(terminal=True)
    page.line(("x", "bold red"), ("y", "green"))
    assert page.text() == "\x1b[1mx\x1b[0my\n"


@pytest.mark.parametrize(
    ("variables", "expected"),
    [({}, "\x1b[31m\x1b[1mx\x1b[0m\n"), ({"NO_COLOR": "1"}, "\x1b[1mx\x1b[0m\n"), ({"TERM": "dumb"}, "x\n")],
)
def test_the_terminal_says_what_is_shown(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], expected: str
) -> None:
    for name, value in {"NO_COLOR": "", "TERM": "xterm", **variables}.items():
        monkeypatch.setenv(name, value)
    page = Sheet.of(tty=True, color=None, width=None)
    page.line(("x", "bold red"))
    assert page.text() == expected


def test_nothing_steers_the_terminal() -> None:
    page = sheet()
    page.line("a\x1b[31mb\tc\r\x07")
    assert page.text() == "a[31mb c\n"


@given(st.text(max_size=80), st.integers(20, 40))
def test_every_text_fits(text: str, width: int) -> None:
    page = sheet(width)
    page.line(text, indent=2)
    lines = page.text().splitlines()
    assert max(map(cell_len, lines)) <= width
    assert "".join("".join(lines).split()) == "".join("".join(one for one in text if one.isprintable()).split())
