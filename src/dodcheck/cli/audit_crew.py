"""Who replays: children of this process, or the workers of a dask scheduler, each with a child of its own.

Either way one change is one question to a `Replayer`, so the lines are the same.  dask gives a change whose worker was
lost to another one; only a change that has cost several workers their lives is given up, as an error of its own.
"""

import logging
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import local
from typing import TYPE_CHECKING

import msgspec

from dodcheck.audit.lines import Line
from dodcheck.cli.replay import Replayer, Request, ready, rules_version, spoilt
from dodcheck.errors import DodcheckError, UsageError
from dodcheck.waiting import completed

if TYPE_CHECKING:
    from distributed import Client, Future

Crew = Callable[[Sequence[Request]], Generator[Line, None, None]]
_PATIENCE = 20.0  # seconds until a scheduler has answered
_here = local()  # a thread of a worker keeps its child from one change to the next


def children(jobs: int) -> Crew:
    """Return a crew of so many children of ours, which end with the iteration, however it ends."""

    def run(requests: Sequence[Request]) -> Generator[Line, None, None]:
        crew = [Replayer() for _ in range(jobs)]
        free = list(crew)

        def one(request: Request) -> Line:
            mine = free.pop()
            try:
                return mine.line(request)
            finally:
                free.append(mine)

        with ThreadPoolExecutor(jobs, thread_name_prefix="replay") as pool:
            try:
                yield from (done.result() for done in completed([pool.submit(one, request) for request in requests]))
            finally:
                pool.shutdown(wait=False, cancel_futures=True)
                for replayer in crew:
                    replayer.close()

    return run


def workers(address: str) -> Crew:
    """Return a crew of the workers that a dask scheduler has.

    Args:
        address: The scheduler's, as dask writes it: `tcp://host:8786`.

    Raises:
        UsageError: The extra is not installed.
    """
    try:
        import distributed  # noqa: F401, PLC0415 - an extra, imported only here
    except ImportError as error:
        raise UsageError("--scheduler needs dask.distributed", "pip install 'dodcheck[audit]'") from error

    def run(requests: Sequence[Request]) -> Generator[Line, None, None]:
        from distributed import as_completed as completed  # noqa: PLC0415 - see above

        with _client(address) as client:
            asked = {}
            for request in requests:
                question = msgspec.json.encode(request)
                asked[client.submit(_on_worker, question, key=f"dodcheck-{request.key}", pure=False)] = request
            for future in completed(asked, loop=client.loop):
                yield _answer(future, asked[future])

    return run


def _answer(future: "Future[bytes]", request: Request) -> Line:
    from distributed import KilledWorker  # noqa: PLC0415 - an extra
    from distributed.client import FutureCancelledError  # noqa: PLC0415 - an extra

    try:
        return msgspec.json.decode(future.result(), type=Line)
    except KilledWorker as lost:
        return spoilt(request, f"every worker that tried it was lost ({lost.allowed_failures + 1} of them)", 0)
    except FutureCancelledError as error:
        raise UsageError("the scheduler was lost", "start it again, and run this again: it goes on") from error


def _on_worker(question: bytes) -> bytes:
    """Judge one change in the child of this thread; called by name on a worker."""
    request = msgspec.json.decode(question, type=Request)
    if not hasattr(_here, "replayer"):
        _here.replayer = Replayer()
    try:
        ready(request.location, request.all)  # once, and a clone may take longer than a change
        line: Line = _here.replayer.line(request)
    except DodcheckError as error:
        line = spoilt(request, str(error), 0)
    return msgspec.json.encode(line)


@contextmanager
def _client(address: str) -> Iterator["Client"]:
    from distributed import Client  # noqa: PLC0415 - an extra

    logging.getLogger("distributed").setLevel(logging.ERROR)  # we say what matters
    try:
        client = Client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise UsageError(f"no scheduler answers at {address} ({error})", "start one: dask scheduler") from error
    try:
        _refuse_other_rules(client, address)
        yield client
    finally:
        client.close(timeout=_PATIENCE)


def _refuse_other_rules(client: "Client", address: str) -> None:
    known = client.run(rules_version)
    if not known:
        raise UsageError(f"the scheduler at {address} has no worker", f"start some: dask worker {address}")
    for worker, version in known.items():
        if version != rules_version():
            raise UsageError(f"{worker} has a dodcheck with other rules", "install the same one everywhere")
