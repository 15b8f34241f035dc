"""What the tests of head hold the code to, other than in the tests that are as they were."""

import ast
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from dodcheck.change import Both
from dodcheck.facts.code.walking import walk
from dodcheck.facts.suites.flow import own_nodes
from dodcheck.facts.suites.folding import constants, text_of
from dodcheck.facts.suites.matching import Matching
from dodcheck.facts.suites.oracles import Oracle, Oracles
from dodcheck.facts.suites.parametrization import rows_of
from dodcheck.facts.suites.suites import SuiteTest
from dodcheck.facts.suites.weakening import key
from dodcheck.patterns import pattern

_IDENTIFIER = pattern(r"(?<![\w.'\"])[A-Za-z_]\w*")
_RESEMBLING = 0.5  # share of literals in common from which on a test may be another one rewritten
_WORD = pattern(r"[A-Za-z_]\w+|\d+")
_TRIVIAL = {"None", "True", "False", "0", "1", "''", "-1"}


class _Material(NamedTuple):
    """Literals, names of called functions, and every word of a test."""

    values: set[str]
    called: set[str]
    words: set[str]


class Remaining:
    """What the tests of head hold the code to, other than in the tests that are as they were.

    Args:
        matching: Which test is which.
        oracles: The assertions of both sides.
    """

    def __init__(self, matching: Matching, oracles: Both[Oracles]) -> None:
        self._matching = matching
        self._oracles = oracles

    def asserts(self, oracle: Oracle, test: SuiteTest) -> bool:
        """Tell whether some test of head makes the same claim.

        Args:
            oracle: The claim; one about a variable that only its own test can explain is no claim of another.
            test: Its test.
        """
        now = [*(head for _, head in self._matching.kept), *self._matching.new]
        return not _local(oracle, test) and self._is_made(oracle, now, self._oracles.head)

    def repeats(self, oracle: Oracle, test: SuiteTest) -> bool:
        """Tell whether the claim of a vanished test was a claim of a kept one as well, which is judged by itself."""
        kept = [base for base, _ in self._matching.kept]
        return not _local(oracle, test) and self._is_made(oracle, kept, self._oracles.base)

    def _is_made(self, oracle: Oracle, tests: Sequence[SuiteTest], oracles: Oracles) -> bool:
        """Look for a claim in the tests that have all of its words; reading the claims of every test takes long."""
        words = set(_WORD.findall(f"{oracle.claim.subject} {oracle.claim.expected}"))
        likely = (test for test in tests if all(word in test.text for word in words))
        return any(key(one.claim) == key(oracle.claim) for test in likely for one in oracles.alive(test))

    def holds(self, values: set[str]) -> bool:
        """Tell whether a new or grown test has all of some literals."""
        return any(values <= material.values for material in self._material)

    def has_taken_over(self, test: SuiteTest, *oracles: Oracle) -> bool:
        """Tell whether a new or grown test has the inputs, the values and the functions of some assertions.

        Args:
            test: Their test.
            oracles: The assertions; none means the whole test.
        """
        nodes = [side for one in oracles for side in one.claim.sides] or [*test.body, *test.node.decorator_list]
        values, called = set(constants(*nodes)), _called_names(nodes)
        raised = {n for one in oracles if one.claim.relation == "raises" for n in one.claim.expected.split(", ")}
        telling = values - _TRIVIAL
        if not values | called or (not telling and not called):
            return False
        related = [one for one in self._material if called & one.called or (telling and not called)]
        spread = [_joined(related)] if len(telling) > 1 else []
        return any(
            values <= material.values
            and (called & material.called or not called if telling else called <= material.called)
            and all(name.rpartition(".")[2] in material.words for name in raised)
            for material in [*related, *spread]
        )

    def resembles(self, test: SuiteTest) -> bool:
        """Tell whether a new or grown test calls what a test did, and has half of its literals or more."""
        values, called = set(constants(*test.body, *test.node.decorator_list)) - _TRIVIAL, _called_names(test.body)
        related = [one for one in self._material if called & one.called]
        return bool(values) and any(len(values & one.values) >= _RESEMBLING * len(values) for one in related)

    def have_taken_over(self, test: SuiteTest, oracles: Sequence[Oracle]) -> bool:
        """Tell whether each of some assertions of a test is in a new or grown test."""
        return bool(oracles) and all(self.asserts(one, test) or self.has_taken_over(test, one) for one in oracles)

    @cached_property
    def _material(self) -> list[_Material]:
        """What each new test holds, and what each old one gained."""
        found = [_material(test, _own(test) | _lent(test)) for test in self._matching.new]
        altered = [(base, head) for base, head in self._matching.kept if base.text != head.text]
        grown = [(head, _own(head) - _own(base) | _lent(head) - _lent(base)) for base, head in altered]
        return found + [_material(head, more) for head, more in grown if more]


def _own(test: SuiteTest) -> Counter[str]:
    """Count the literals of a test and of its decorators."""
    return constants(*test.body, *test.marks)


def _lent(test: SuiteTest) -> Counter[str]:
    """Count the literals of the tables, helpers and fixtures of its file that a test names."""
    names = {node.id for root in (test.node, *test.marks) for node in walk(root) if isinstance(node, ast.Name)}
    tables = [test.module.tables[name] for name in sorted(names) if name in test.module.tables]
    return constants(*tables, *(one.node for one in _shared(test)))


def _shared(test: SuiteTest) -> list[SuiteTest]:
    """Return the fixtures and helpers of its file that a test names."""
    module, names = (
        test.module,
        {node.id for root in (test.node, *test.marks) for node in walk(root) if isinstance(node, ast.Name)},
    )
    fixtures = [module.fixtures[name] for name in test.parameters if name in module.fixtures]
    return fixtures + [module.helpers[name] for name in sorted(names) if name in module.helpers]


def _joined(parts: Sequence[_Material]) -> _Material:
    """Return what several tests hold together: one that was split."""
    return _Material(*(set[str]().union(*(one[at] for one in parts)) for at in range(3)))


def _material(test: SuiteTest, values: Counter[str]) -> _Material:
    nodes = [test.node, *test.marks, *(one.node for one in _shared(test))]
    words = {word for root in nodes for node in walk(root) for word in _names_in(node)}
    return _Material(set(values), _called_names(nodes), words)


def _called_names(nodes: Sequence[ast.AST]) -> set[str]:
    calls = [part for node in nodes for part in walk(node) if isinstance(part, ast.Call)]
    return {text_of(call.func).rpartition(".")[2] for call in calls} - {"raises", "param", "parametrize"}


def names_of(test: SuiteTest) -> set[str]:
    """Return every name that a test reads, attributes too."""
    return {name for node in walk(test.node) for name in _names_in(node)}


def _names_in(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Name):
        return [node.id]
    return [node.attr] if isinstance(node, ast.Attribute) else []


def _local(oracle: Oracle, test: SuiteTest) -> bool:
    """Tell whether a claim speaks of a variable or a parametrised value of its test."""
    given = {one for rows in rows_of(test) for one in rows.names.split(",")}
    stored = {n.id for n in own_nodes(test.node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    words = set(_IDENTIFIER.findall(f"{oracle.claim.subject} {oracle.claim.expected}"))
    return not words.isdisjoint(given | stored)
