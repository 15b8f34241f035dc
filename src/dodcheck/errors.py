"""What a user can mend: one line that names the place and the remedy."""


class DodcheckError(Exception):
    """Bad usage, bad configuration, or a tool that could not run.

    Args:
        problem: What is wrong, and where (file and line when there are any).
        remedy: What to do about it.
    """

    def __init__(self, problem: str, remedy: str = "") -> None:
        self.problem = problem
        self.remedy = remedy
        super().__init__(f"{problem}; {remedy}" if remedy else problem)


class UsageError(DodcheckError):
    """The command line or the repository is not what the command needs."""


class ConfigError(DodcheckError):
    """The configuration cannot be read as written."""


class DefinitionError(DodcheckError):
    """The Definition of Done is missing, or has no checklist."""


class SandboxError(DodcheckError):
    """A sandbox is asked for, and this machine has none that works."""


class ToolError(DodcheckError):
    """A tool of the project is missing, crashed or ran out of time."""
