"""What judging the tests of both sides needs."""

import msgspec

from dodcheck.change import Both
from dodcheck.facts.suites.conditions import Conditions
from dodcheck.facts.suites.oracles import Oracles
from dodcheck.facts.suites.remaining import Remaining
from dodcheck.facts.suites.removals import Removals


class Context(msgspec.Struct, frozen=True):
    """What judging a pair of tests needs.

    Args:
        oracles: The assertions of both sides.
        removals: What the change takes out of the source.
        remaining: What head's tests assert elsewhere.
        conditions: Weighs head's conditions.
    """

    oracles: Both[Oracles]
    removals: Removals
    remaining: Remaining
    conditions: Conditions
