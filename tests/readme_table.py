"""The README's table of rules, from the rules themselves; run as a script it writes it."""

from pathlib import Path

from dodcheck.engine import is_fast
from dodcheck.registry import load

README = Path(__file__).parent.parent / "README.md"
_START, _END = "<!-- rules -->", "<!-- /rules -->"
_HEAD = ["| rule | runs | decides |", "| --- | --- | --- |"]


def rows() -> list[str]:
    """Return one row a rule."""
    return [f"| `{one.id}` | {'fast' if is_fast(one.check) else 'full'} | {one.title} |" for one in load().values()]


def shown() -> list[str]:
    """Return the rows that the README has."""
    text = README.read_text(encoding="utf-8")
    return text.partition(_START)[2].partition(_END)[0].strip().splitlines()[len(_HEAD) :]


def write() -> None:
    """Put the rules' table into the README."""
    before, _, rest = README.read_text(encoding="utf-8").partition(_START)
    table = "\n".join([_START, *_HEAD, *rows(), _END])
    README.write_text(before + table + rest.partition(_END)[2], encoding="utf-8")


if __name__ == "__main__":
    write()
