"""What import-linter cannot say: a rule knows no other rule, only companions of its own."""

from pathlib import Path

import grimp
import pytest

TOP = Path(__file__).parent.parent


def test_no_rule_knows_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(TOP)  # grimp looks for the folder as a package
    graph = grimp.build_graph("rules", cache_dir=None)
    rules = [name for name in graph.modules if name.count(".") == 2]
    assert rules
    for name in rules:
        stem = name.rpartition(".")[2].lstrip("_")
        for imported in graph.find_modules_directly_imported_by(name):
            companion = imported.rpartition(".")[2]
            own = companion.startswith("_") and companion.lstrip("_").split("_")[0] == stem.split("_")[0]
            assert own or imported.count(".") < 2, f"{name} imports {imported}"


def test_modules_stay_small() -> None:
    sizes = {
        path.relative_to(TOP).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for folder in ("src", "rules")
        for path in (TOP / folder).rglob("*.py")
    }
    assert {name: size for name, size in sizes.items() if size > 250} == {}
