"""Facts of test suites as written: what the tests assert, at both sides, and what a change does to it."""
