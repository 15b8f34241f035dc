"""One thing about the tests of a change that may keep them from telling the truth."""

from typing import Literal

import msgspec

Certainty = Literal["certain", "provable", "likely", "explainable", "doubtful", "harmless"]

CODES = {
    "T1": "test-gone",
    "T2": "test-disabled",
    "T3": "assertion-gone",
    "T4": "expectation-changed",
    "T5": "assertion-weakened",
    "T6": "tautology",
    "T7": "failure-swallowed",
    "T9": "outcome-altered",
    "T10": "exit-forced",
    "T11": "special-cased",
    "T12": "comparison-subverted",
    "T13": "oracle-read",
    "T14": "unit-mocked",
    "T17": "test-copied",
    "T22": "selection-narrowed",
    "T28": "snapshots-regenerated",
    "T32": "samples-lowered",
}


class Suspicion(msgspec.Struct, frozen=True):
    """One suspicion, of one kind of the taxonomy of faked work.

    Args:
        kind: The kind: a key of `CODES`.
        path: The file; at base for what is gone.
        line: 1-based line in it.
        symbol: Qualified name that encloses the place.
        message: What happened and why it matters.
        fix: What an honest author does about it.
        certainty: `certain` when no honest reading is left, `provable` when a run can show that none is and a person
            must look without one, `likely` when only a person can tell, `explainable` when the change itself holds a
            reason that a test run or a person can confirm, `doubtful` when it is poor work and no more, `harmless`
            when it is worth a remark alone.
        test_at_base: The test as the runner names it at base, without parameters; empty when it has none.
        test_at_head: The same at head.
    """

    kind: str
    path: str
    line: int
    symbol: str
    message: str
    fix: str
    certainty: Certainty
    test_at_base: str = ""
    test_at_head: str = ""

    @property
    def code(self) -> str:
        """The kind in words."""
        return CODES[self.kind]
