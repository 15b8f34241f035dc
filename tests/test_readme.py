"""The README says what is there."""

from pathlib import Path

import msgspec

from dodcheck.config import Config
from dodcheck.engine import is_fast
from dodcheck.registry import load

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def test_the_table_of_rules_is_the_registry_s() -> None:
    rows = [f"| `{one.id}` | {'fast' if is_fast(one.check) else 'full'} | {one.title} |" for one in load().values()]
    shown = README.partition("<!-- rules -->")[2].partition("<!-- /rules -->")[0].strip().splitlines()[2:]
    assert shown == rows, "\n".join(rows)


def test_every_key_of_the_configuration_is_documented() -> None:
    for field in msgspec.structs.fields(Config):
        assert f"| `{field.encode_name}" in README
