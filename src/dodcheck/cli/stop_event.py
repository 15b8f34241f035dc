"""What a coding agent tells its Stop hook, and the answer that it understands.

Claude Code and Codex send the same fields, Copilot those of its own hooks reference, Cursor its
`stop` event.  All go on working when they are answered with a reason; Cursor calls it a message.
"""

from pathlib import Path
from typing import Self

import msgspec

from dodcheck.errors import UsageError


class StopEvent(msgspec.Struct, frozen=True):
    """An agent is about to stop.

    Args:
        cwd: Where it works.
        workspace_roots: The same of Cursor, the first is taken.
        stop_hook_active: It goes on already because a Stop hook asked it to.
        loop_count: How often a hook has sent Cursor on.
        status: How Cursor's turn ended.
        turn_id: Codex names the turn.
    """

    cwd: str | None = None
    workspace_roots: tuple[str, ...] = ()
    stop_hook_active: bool = False
    loop_count: int | None = None
    status: str = "completed"
    turn_id: str | None = None

    @classmethod
    def read(cls, raw: bytes) -> Self:
        """Read the JSON on standard input; fields that are not ours are passed over.

        Raises:
            UsageError: It is no such JSON.
        """
        try:
            return msgspec.json.decode(raw, type=cls)
        except msgspec.DecodeError as error:
            raise UsageError(
                f"standard input is not what an agent sends its Stop hook ({error})",
                "by hand: echo '{}' | dodcheck hook stop",
            ) from error

    @property
    def settled(self) -> bool:
        """The agent may stop, whatever its change: it was asked to go on once, or was stopped by its user."""
        return self.stop_hook_active or bool(self.loop_count) or self.status != "completed"

    @property
    def folder(self) -> Path:
        """Where the agent works."""
        return Path(self.cwd or next(iter(self.workspace_roots), "") or Path.cwd())

    def answer(self, reason: str | None) -> str:
        """Return what to print.

        Args:
            reason: Why the agent is to go on; None lets it stop.
        """
        if reason is None:
            return "{}" if self.turn_id is not None else ""  # Codex takes an empty answer for broken JSON
        if self.loop_count is not None:
            return msgspec.json.encode({"followup_message": reason}).decode()
        return msgspec.json.encode({"decision": "block", "reason": reason}).decode()
