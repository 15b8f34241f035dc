"""The README says what is there."""

import msgspec
from hardships import CACHE, INPUTS
from hardships import shown as hardships_shown
from held_runs import STAGES
from readme_table import README, rows, shown

from dodcheck.config import Config


def test_the_table_of_rules_is_the_registry_s() -> None:
    assert shown() == rows(), "`make readme` writes it"


def test_every_key_of_the_configuration_is_documented() -> None:
    text = README.read_text(encoding="utf-8")
    for field in msgspec.structs.fields(Config):
        assert f"| `{field.encode_name}" in text


def test_the_tables_of_hardships_name_all_that_is_tried() -> None:
    rows = [[cell.strip() for cell in line.strip("| ").split("|")] for line in hardships_shown().splitlines() if line]
    named = [row[0] for row in rows if row[0] not in {"hostile input", "fault while"} and not row[0].startswith("-")]
    assert named == [*INPUTS, *CACHE, *(stage.words for stage in STAGES.values())], "`make hostile` writes them"
    assert [row for row in rows if row[1].isdigit() and row[1] != row[2]] == []
    assert not [row for row in rows if any("not survived" in cell for cell in row)]
