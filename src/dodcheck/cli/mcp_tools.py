"""What an agent may ask over the Model Context Protocol; each answer is one run of the command.

A run of its own sees the tools, settings and rules as they are now, however long the server
lives, and ends when the call is cancelled.
"""

import asyncio
import sys
from collections.abc import Iterator

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError

from dodcheck import __version__
from dodcheck.reply import answer
from dodcheck.report import from_json


def serve() -> None:
    """Serve on standard input and output until the agent closes them."""
    server = MCPServer("dodcheck", version=__version__, log_level="ERROR")
    for tool in (check, explain, report, notes):
        server.add_tool(tool)
    server.run()


async def check(
    base: str = "", definition: str = "", agent: str = "", task: str = "", folder: str = "", *, fast: bool = True
) -> str:
    """Check the change in the work tree against the Definition of Done: what is open, where, and the fix.

    Args:
        base: Where the change starts; default: the merge-base with the default branch.
        definition: The file of the definition; default: found in the repository.
        agent: The agent whose definition holds, .claude/agents/NAME.md or agents/NAME.md.
        task: The id of the task that the change is for.
        folder: Any folder of the work tree; default: where the server was started.
        fast: Run no tests and no type checker. With false it may take as long as the tests do.

    Returns:
        The verdict, then each open item with its places, one a line: file, line, what is wrong, the fix.
    """
    asked = _options(base=base, definition=definition, agent=agent, task=task)
    return answer(from_json(await _run(folder, "check", "--format=json", *_speed(fast=fast), *asked)))


async def explain(rule: str) -> str:
    """Explain one rule: what it decides, why, examples that fail and pass, its settings.

    Args:
        rule: The rule's id, as `check` names it in brackets.

    Returns:
        Plain text.
    """
    return await _run("", "explain", "--", rule)


async def report(
    base: str = "", definition: str = "", agent: str = "", task: str = "", folder: str = "", *, fast: bool = True
) -> str:
    """Write the task report of the change, in Markdown: files, tests, decisions, and the checklist with evidence.

    Args:
        base: Where the change starts; default: the merge-base with the default branch.
        definition: The file of the definition; default: found in the repository.
        agent: The agent whose definition holds, .claude/agents/NAME.md or agents/NAME.md.
        task: The id of the task that the change is for.
        folder: Any folder of the work tree; default: where the server was started.
        fast: Run no tests and no type checker. With false it may take as long as the tests do.

    Returns:
        Markdown, with the headings that the definition asks for.
    """
    asked = _options(base=base, definition=definition, agent=agent, task=task)
    return await _run(folder, "report", *_speed(fast=fast), *asked)


async def notes(task: str = "", base: str = "", folder: str = "", *, fast: bool = True) -> str:
    """Draft the handoff notes of the change, in Markdown, with a line for each item that waits for an explanation.

    Args:
        task: The id of the task that the change is for.
        base: Where the change starts; default: the merge-base with the default branch.
        folder: Any folder of the work tree; default: where the server was started.
        fast: Run no tests and no type checker. With false it may take as long as the tests do.

    Returns:
        Markdown, to fill in and keep as handoff/TASK.md.
    """
    return await _run(folder, "notes", *_speed(fast=fast), *_options(base=base), *(["--", task] if task else []))


def _options(**given: str) -> Iterator[str]:
    return (f"--{name}={value}" for name, value in given.items() if value)


def _speed(*, fast: bool) -> tuple[str, ...]:
    return ("--quiet", "--fast") if fast else ("--quiet",)


async def _run(folder: str, *args: str) -> str:
    """Run the command, and return what it prints.

    Raises:
        ToolError: It could not tell; what it says of that.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "dodcheck", *args),
            cwd=folder or None,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
    except OSError as error:
        raise ToolError(f"{folder}: {error.strerror}") from error
    try:
        out, err = await process.communicate()
    finally:
        if process.returncode is None:
            process.terminate()  # it ends its own children
    if not out:
        raise ToolError(err.decode("utf-8", "replace").strip() or f"dodcheck ended with {process.returncode}")
    return out.decode()
