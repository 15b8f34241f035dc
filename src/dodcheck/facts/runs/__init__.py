"""Facts of tool runs: linter, type checker, and the run matrix of the tests."""
