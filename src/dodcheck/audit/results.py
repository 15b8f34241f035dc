"""The file of what has been replayed: one line a change, appended whole, so that a later run goes on from there."""

import contextlib
import fcntl
import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from dodcheck.audit.lines import Line
from dodcheck.errors import UsageError

_REMEDY = "name another file with --results"


class Results:
    """Lines by key, on disk.

    A line is written by one call under a lock, after a new line where the last writer was killed in the middle of its
    own; what cannot be read is passed over and counted, and its change is replayed again.

    Args:
        file: The file; made with its folder when the first line comes.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self.damaged = 0

    def read(self) -> Mapping[str, Line]:
        """Return what is there; of a key that stands twice, the last.

        Raises:
            UsageError: The file cannot be read.
        """
        try:
            content = self.file.read_bytes()
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise UsageError(f"{self.file}: {error.strerror}", _REMEDY) from error
        lines: dict[str, Line] = {}
        self.damaged = 0
        decoder = msgspec.json.Decoder(Line)
        for text in filter(None, content.split(b"\n")):
            try:
                line = decoder.decode(text)
            except msgspec.DecodeError:
                self.damaged += 1
                continue
            lines[line.key] = line
        if lines or not content.strip():
            return lines
        raise UsageError(f"{self.file}: holds no results of an audit", _REMEDY)  # someone's own file: leave it alone

    def add(self, line: Line) -> None:
        """Append one line.

        Raises:
            UsageError: It cannot be written; what was written before stays.
        """
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.file, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o666)
            with contextlib.closing(os.fdopen(handle, "r+b", buffering=0)) as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                size = os.fstat(handle).st_size
                torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
                text = b"\n" * torn + msgspec.json.encode(line) + b"\n"
                written = os.write(handle, text)
                if written != len(text):
                    raise UsageError(f"{self.file}: the disk is full", "make room, and run it again: it goes on")
        except OSError as error:
            raise UsageError(f"{self.file}: {error.strerror}", _REMEDY) from error
