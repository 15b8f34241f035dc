"""The README says what is there."""

import msgspec
from readme_table import README, rows, shown

from dodcheck.config import Config


def test_the_table_of_rules_is_the_registry_s() -> None:
    assert shown() == rows(), "`make readme` writes it"


def test_every_key_of_the_configuration_is_documented() -> None:
    text = README.read_text(encoding="utf-8")
    for field in msgspec.structs.fields(Config):
        assert f"| `{field.encode_name}" in text
