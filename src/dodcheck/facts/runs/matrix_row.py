"""One test of the run matrix, as the report tells it."""

import msgspec


class MatrixRow(msgspec.Struct, frozen=True):
    """What became of one test, with each side's tests on each side's source.

    An outcome is the runner's word, `not-collected` where the source lacks what the test needs to start, and null
    where the test did not run because nothing asked for it, or where that side has no such test.

    Args:
        id: Node id, as head calls it.
        changed: The change adds or alters the test.
        fail_to_pass: It passes at head and not on base's source, and so proves the change.
        head: Head's test on head's source.
        head_on_base: Head's test on base's source.
        base_on_head: Base's test on head's source.
        base: Base's test on base's source.
    """

    id: str
    changed: bool
    fail_to_pass: bool
    head: str | None
    head_on_base: str | None
    base_on_head: str | None
    base: str | None
