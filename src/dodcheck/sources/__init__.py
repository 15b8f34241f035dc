"""The outside world: git, the tools of the project, notes."""
