"""What an audit looks at in one repository: which changes, against which definition, under which keys."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import msgspec

from dodcheck.audit.lines import Line
from dodcheck.audit.rows import Audited
from dodcheck.cli.definitions import Found, find
from dodcheck.cli.replay import Request, rules_version, spoilt
from dodcheck.config import Config, load
from dodcheck.errors import ConfigError, DodcheckError, UsageError
from dodcheck.history import Merged
from dodcheck.planning import Selection
from dodcheck.sources.clones import fill, is_remote, placed, shown
from dodcheck.sources.merged import changes_any, default_branch, is_shallow, merged
from dodcheck.sources.plumbing import Git
from dodcheck.sources.scratch import Scratch
from dodcheck.sources.snapshots import GitSnapshot, snapshot_at
from dodcheck.store import cache_home


@dataclass(frozen=True)
class Wish:
    """What the command line says of an audit.

    Args:
        last: How many changes of each repository.
        branch: The branch; None for the default one.
        definition: The definition, a file.
        agent: The agent whose definition it is.
        each_base: Definition and configuration are those of each change's base, not the newest.
        selection: Which rules run.
        limit: Seconds for one change.
        sandbox: Code of the changes runs in a sandbox.
    """

    last: int
    branch: str | None
    definition: str | None
    agent: str | None
    each_base: bool
    selection: Selection
    limit: float
    sandbox: bool = False


@dataclass(frozen=True)
class Planned:
    """One repository: what is known of it before any change is replayed.

    Args:
        audited: What the page says of it, still without lines.
        requests: Its changes, newest first.
        spoilt: Changes that cannot be replayed, by key.
    """

    audited: Audited
    requests: tuple[Request, ...] = ()
    spoilt: Mapping[str, Line] = field(default_factory=dict)

    def with_lines(self, lines: Mapping[str, Line]) -> Audited:
        """Return what the page says of it, with the lines that are there."""
        told = {**lines, **self.spoilt}
        return msgspec.structs.replace(
            self.audited, lines=tuple(told[one.key] for one in self.requests if one.key in told)
        )


def locations(named: Sequence[str], listed: Path | None) -> Iterator[str]:
    """Yield the repositories that the caller names: here, where none is named.

    Args:
        named: Paths and URLs.
        listed: A file of paths (relative to its folder) and URLs, one a line; `#` begins a comment.

    Raises:
        UsageError: The file cannot be read, or names nothing.
    """
    yield from (one if is_remote(one) else str(Path(one).resolve()) for one in named)
    if listed is None:
        if not named:
            yield str(Path.cwd())
        return
    try:
        text = listed.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{listed}: cannot be read ({error})", "give a file of paths and URLs") from error
    lines = [line for row in text.splitlines() if (line := re.sub(r"(^|\s)#.*", "", row).strip())]
    if not lines:
        raise UsageError(f"{listed}: names no repository", "write paths and URLs into it, one a line")
    yield from (
        one if is_remote(one) else str((listed.absolute().parent / Path(one).expanduser()).resolve()) for one in lines
    )


def planned(location: str, wish: Wish) -> Planned:
    """Return what there is to replay in one repository; one that cannot be read says why."""
    try:
        with _opened(location) as git:
            return _plan(git, location, wish)
    except DodcheckError as error:
        return Planned(Audited(name=shown(location), problem=str(error)))


@contextmanager
def _opened(location: str) -> Iterator[Git]:
    place = placed(location, cache_home(), fresh=True)
    with Scratch() as scratch:
        git = Git.open(place, scratch.folder("objects"))
        try:
            yield git
        finally:
            git.close()


def _plan(git: Git, location: str, wish: Wish) -> Planned:
    branch, newest = default_branch(git, wish.branch)
    changes = merged(git, newest, wish.last)
    if not changes:
        return Planned(Audited(name=shown(location), branch=branch, remarks=("no change there yet",)))
    commits = tuple(one.commit for one in changes)
    missing = fill(git, commits, location)
    policy = snapshot_at(git, newest)
    config = load(policy.read).config
    if is_remote(location) and wish.selection.fast:
        _refuse_own_rules(git, commits if wish.each_base else (), config)
    found = _found(git, wish, config, policy)
    mark = _mark(wish, config, found, policy, str(git.top))
    common = _request(wish, location, changes, None if wish.each_base else newest, found)
    requests = tuple(msgspec.structs.replace(common, key=_key(one.commit, mark), change=one) for one in changes)
    bad = [one for one in requests if missing and changes_any(git, one.change.commit, missing)]
    few = len(changes) if len(changes) < wish.last and is_shallow(git) else None
    audited = Audited(
        name=shown(location),
        branch=branch,
        definition=f"{found.definition.title} ({found.definition.path}, {found.revision})" if found else "",
        remarks=(*_remarks(len(missing), few, wish.last), *(found.remarks if found else ())),
    )
    return Planned(audited, requests, {one.key: spoilt(one, "a file of it is not in this clone", 0) for one in bad})


def _request(wish: Wish, location: str, changes: Sequence[Merged], policy: str | None, found: Found | None) -> Request:
    """Return what is asked of each change, with the first of them in its place."""
    return Request(
        key="",
        location=location,
        change=changes[0],
        all=tuple(one.commit for one in changes) if is_remote(location) else (),
        policy=policy,
        found=found,
        agent=wish.agent,
        selection=wish.selection,
        limit=wish.limit,
        sandbox=wish.sandbox,
        rules=rules_version(),
    )


def _key(commit: str, mark: str) -> str:
    return sha256(f"{commit} {mark}".encode()).hexdigest()[:32]


def _remarks(missing: int, few: int | None, wanted: int) -> Iterator[str]:
    """Yield what a clone lacks: files, and changes where it is shallow."""
    if missing:
        yield f"{missing} files are not in this clone, and rules did not see them"
    if few is not None:
        yield f"a shallow clone, with {few} of the last {wanted} changes: `git fetch --unshallow`"


def _refuse_own_rules(git: Git, commits: Sequence[str], newest: Config) -> None:
    """Rules that a stranger's configuration names are a stranger's code."""
    named = [newest.rule_folders]
    for side in (f"{one}{parent}" for one in commits for parent in ("^", "")):
        with suppress(ConfigError):  # told when the change is replayed
            named.append(load(snapshot_at(git, side).read).config.rule_folders)
    folders = sorted({folder for several in named for folder in several})
    if folders:
        raise UsageError(
            f"its configuration names rules of its own ({', '.join(folders)}), which are code",
            "say --run, or audit a clone of your own, if you trust it",
        )


def _found(git: Git, wish: Wish, config: Config, policy: GitSnapshot) -> Found | None:
    if wish.each_base and wish.definition is None:
        return None
    return find(wish.definition, wish.agent, config.definition, policy, policy, git.top)


def _mark(wish: Wish, config: Config, found: Found | None, policy: GitSnapshot, top: str) -> str:
    """Return a digest of all that an answer depends on besides the change."""
    own = [path for path in policy.paths() if path.rpartition("/")[0] in {f.strip("/") for f in config.rule_folders}]
    parts = (
        rules_version(),
        (found.definition.items, found.definition.report_sections) if found else (),
        wish.agent or "",
        ["each base"] if wish.each_base else [config, [policy.blob(path) for path in own]],
        wish.selection,
        wish.sandbox,
        "" if wish.selection.fast else top,  # the environment that tests run in
    )
    return sha256(msgspec.json.encode(parts)).hexdigest()
