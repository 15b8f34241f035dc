"""`dodcheck mcp`, asked by the client of the official SDK."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

from conftest import COMMAND, Repository, environment
from mcp import Client, StdioServerParameters
from mcp.types import CallToolResult, TextContent
from test_check import PROJECT

UNUSED = {"app.py": "import os\n" + PROJECT["app.py"]}


async def ask(repository: Repository, *calls: tuple[str, dict[str, object]]) -> tuple[list[str], list[CallToolResult]]:
    """Start the server in the repository; return the names of its tools, and the answers."""
    program, *args = COMMAND
    server = StdioServerParameters(command=program, args=[*args, "mcp"], env=environment(), cwd=repository.path)
    async with Client(server) as client:
        tools = await client.list_tools()
        answers = [await client.call_tool(name, arguments) for name, arguments in calls]
    return [tool.name for tool in tools.tools], answers


def text(result: CallToolResult) -> str:
    (content,) = result.content
    assert isinstance(content, TextContent)
    return str(content.text)


def test_an_agent_checks_its_change_asks_why_and_reports(repository: Repository) -> None:
    repository.commit(PROJECT)
    repository.write(UNUSED)
    before = repository.state()
    tools, answers = asyncio.run(
        ask(
            repository,
            ("check", {"base": "HEAD"}),
            ("explain", {"rule": "lint"}),
            ("report", {"base": "HEAD"}),
            ("notes", {"base": "HEAD"}),
        )
    )
    assert tools == ["check", "explain", "report", "notes"]
    checked, explained, reported, drafted = map(text, answers)
    assert checked.startswith("Not done by DOD.md: 1 item is open")
    assert "  app.py:1: F401: " in checked
    assert explained.startswith("lint: ")
    assert reported.startswith("# ")
    assert "`app.py`" in reported
    assert drafted.startswith("# ")
    assert not any(answer.is_error for answer in answers)
    assert repository.state() == before


def test_what_cannot_be_answered_is_an_error_that_names_the_remedy(repository: Repository, tmp_path: Path) -> None:
    repository.commit(PROJECT)
    calls: list[tuple[str, dict[str, object]]] = [
        ("check", {"base": "--nowhere"}),
        ("check", {"folder": str(tmp_path / "gone")}),
        ("explain", {"rule": "lintt"}),
        ("check", {"base": "HEAD"}),
    ]
    _, answers = asyncio.run(ask(repository, *calls))
    assert [answer.is_error for answer in answers] == [True, True, True, False]
    assert "is no ref" in text(answers[0])
    assert "No such file or directory" in text(answers[1])
    assert "did you mean 'lint'?" in text(answers[2])
    assert "0 files changed since HEAD" in text(answers[3])


def test_without_the_sdk_it_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "mcp.py").write_text("raise ModuleNotFoundError('no', name='mcp')\n")
    ran = subprocess.run(
        [sys.executable, "-c", "from dodcheck.cli import main; main()", "mcp"],
        env=environment() | {"PYTHONPATH": os.fspath(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 2
    assert ran.stderr == "dodcheck: the MCP server needs mcp; pip install 'dodcheck[mcp]'\n"
