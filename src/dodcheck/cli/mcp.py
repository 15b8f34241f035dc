"""`dodcheck mcp`."""

import click

from dodcheck.errors import UsageError


@click.command()
def mcp() -> None:
    """Serve check, explain, report and notes to a coding agent, by the Model Context Protocol on stdio.

    Needs the extra `mcp`: pip install 'dodcheck[mcp]'.  The agent starts it in the repository.
    """
    try:
        from dodcheck.cli.mcp_tools import serve  # noqa: PLC0415 - the SDK is an extra, and starts slowly
    except ModuleNotFoundError as error:
        raise UsageError(f"the MCP server needs {error.name}", "pip install 'dodcheck[mcp]'") from error
    serve()
