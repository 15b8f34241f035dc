"""Wire one run together: the repository, the change, the definition, the configuration, the tools."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

import msgspec
from msgspec.structs import replace

from dodcheck.app import Job
from dodcheck.change import Change, Snapshot
from dodcheck.cli.definitions import Found, find
from dodcheck.cli.handoff import notes_found, notes_of
from dodcheck.cli.own_rules import BOXED, FAST, laid_out
from dodcheck.cli.project_tools import project_tools
from dodcheck.config import Config, load
from dodcheck.notes import Notes
from dodcheck.planning import Selection
from dodcheck.readings import Readings
from dodcheck.registry import installation
from dodcheck.registry import load as load_rules
from dodcheck.remembered import Remembered
from dodcheck.report import Ref
from dodcheck.rule import Rule
from dodcheck.sources.environment import on_path
from dodcheck.sources.history import history
from dodcheck.sources.plumbing import EMPTY_TREE, Git
from dodcheck.sources.refs import Point, Refs
from dodcheck.sources.scratch import Scratch, Trees
from dodcheck.sources.snapshots import GitSnapshot, change_between, snapshot_at
from dodcheck.sources.trees import WrittenTree, index_tree, working_tree
from dodcheck.sources.workspace import Workspace
from dodcheck.store import cache_home
from dodcheck.tasks import TaskRequest


class Replay(msgspec.Struct, frozen=True):
    """An old change is judged again; what stands on disk now says nothing of it.

    Args:
        policy: The commit whose configuration and own rules hold; None for those of the change's base.
        found: The definition that holds; None to look for it as ever.
    """

    policy: str | None = None
    found: Found | None = None


class Asked(msgspec.Struct, frozen=True):
    """What the command line says of a run; see the options of `dodcheck check`.

    On the default branch the last commit belongs to the change, unless it is `uncommitted` work alone.
    `pytest_args` come after those of the configuration.  `replay` is for the changes of an audit.  Without `own_rules`
    those of the team, which are code, are not imported.
    """

    base: str | None = None
    head: str | None = None
    staged: bool = False
    definition: str | None = None
    agent: str | None = None
    notes: str | None = None
    task: str | None = None
    no_cache: bool = False
    sandbox: bool = False
    uncommitted: bool = False
    pytest_args: tuple[str, ...] = ()
    replay: Replay | None = None
    own_rules: bool = True
    selection: Selection = msgspec.field(default_factory=Selection)


class Ends(msgspec.Struct, frozen=True):
    """Both sides as trees, with what to call them, and the last commit of the change."""

    base: Ref
    head: Ref
    base_tree: str
    head_tree: str
    remarks: tuple[str, ...]
    last_commit: str | None = None


@contextmanager
def session(asked: Asked, start: Path) -> Iterator[Job]:
    """Open everything that a run needs, and close it again on every way out.

    Args:
        asked: The command line.
        start: The folder that the command was called in.

    Raises:
        DodcheckError: Bad usage, configuration or definition; one line with the remedy.
    """
    with ExitStack() as stack:
        scratch = stack.enter_context(Scratch())
        git = Git.open(start, scratch.folder("objects"))
        stack.callback(git.close)
        stack.enter_context(scratch.room())
        yield _job(asked, git, scratch, stack)


def _job(asked: Asked, git: Git, scratch: Scratch, stack: ExitStack) -> Job:
    ends = _ends(git, asked, scratch)
    base, head = GitSnapshot(git, ends.base_tree, ends.base.ref), GitSnapshot(git, ends.head_tree, ends.head.ref)
    policy = _policy(git, asked.replay)
    config, remark = _configured(policy or base, policy or head)
    found = _definition(asked, config, base, head, git.top)
    space = _space(asked, config, ends, scratch, change_between(git, base, head), git)
    rules = _rules(asked, config, (policy or base, policy or head), scratch)
    bound = Remembered(cache_home(), installation()).bind
    said = cache(lambda: history(git, ends.base.commit, ends.last_commit))
    request = TaskRequest(asked.task, config.tasks)
    return Job(
        definition=found.definition,
        revision=found.revision,
        change=space.change,
        base=ends.base,
        head=ends.head,
        top=git.top,
        config=config,
        rules=rules,
        bindings=lambda: bound(found.definition.items, rules, config.bind, found.definition.path),
        tools=project_tools(space, config, stack, asked.pytest_args, no_cache=asked.no_cache),
        selection=asked.selection,
        notes=_notes(asked, config, git.top, lambda: notes_found(base, head, request, said)),
        task=request,
        history=said,
        readings=_readings(asked, git.top),
        remarks=(*ends.remarks, *remark, *found.remarks),
    )


def _readings(asked: Asked, top: Path) -> Readings:
    """Return what earlier runs read; no tree of an audit's old changes is kept, for it is not asked for again."""
    home = None if asked.no_cache else cache_home()
    return Readings(home, installation(), str(top), trees=asked.replay is None)


def _space(asked: Asked, config: Config, ends: Ends, scratch: Scratch, change: Change, git: Git) -> Workspace:
    sandbox = None
    if sandbox_asked(asked, config) and not asked.selection.fast:
        from dodcheck.sources.sandbox import Sandbox  # noqa: PLC0415 - few runs ask for one

        sandbox = Sandbox.open(on_path("bwrap", git.top), git.top)
    return Workspace(git, scratch, _trees(git, scratch, ends), change, config.timeout, sandbox=sandbox)


def _rules(asked: Asked, config: Config, sides: tuple[Snapshot, Snapshot], scratch: Scratch) -> Mapping[str, Rule]:
    """Return the shipped rules and those of the team's own; a run that only looks imports none of these."""
    unsafe = FAST if asked.selection.fast else BOXED if sandbox_asked(asked, config) else None
    folders = config.rule_folders if asked.own_rules else ()
    return load_rules((laid_out(one, sides, scratch, unsafe) for one in folders), cache_home())


def _definition(asked: Asked, config: Config, base: Snapshot, head: Snapshot, top: Path) -> Found:
    """Return the definition that a replay was given, else the one that the command line and the sides name."""
    given = asked.replay and asked.replay.found
    return given or find(asked.definition, asked.agent, config.definition, base, head, top)


def _policy(git: Git, replay: Replay | None) -> Snapshot | None:
    return snapshot_at(git, replay.policy) if replay and replay.policy else None


def _notes(asked: Asked, config: Config, top: Path, found: Callable[[], Notes]) -> Notes:
    """Return the notes that are given, or else those that the change itself brings."""
    given = asked.notes or (config.notes if asked.replay is None else None)
    return notes_of(given, top) if given else found()


def _trees(git: Git, scratch: Scratch, ends: Ends) -> Trees:
    return Trees(git, scratch, {"base": ends.base_tree, "head": ends.head_tree})


def _ends(git: Git, asked: Asked, scratch: Scratch) -> Ends:
    if asked.staged:
        return _staged(git, scratch)
    refs = Refs(git.top, git.git_dir)
    try:
        if asked.head is not None:
            commit = refs.resolve(asked.head)
            base = refs.base(asked.base, commit) if asked.base else refs.parent(commit)
            tree = git.run("rev-parse", "--verify", f"{commit}^{{tree}}").decode().strip()
            return replace(_between(git, base, Ref(asked.head, commit, tree), tree, ()), last_commit=commit)
        current = refs.current()
        base = refs.base(asked.base, current, uncommitted=asked.uncommitted)
    finally:
        refs.close()
    written = working_tree(git, scratch.root)
    ends = _between(git, base, Ref("working tree", None, written.id), written.id, _left_out(written))
    return replace(ends, last_commit=current)


def _staged(git: Git, scratch: Scratch) -> Ends:
    """The index against HEAD; plain plumbing, because a commit hook waits for it."""
    written = index_tree(git, scratch.root)
    commit, tree = git.commit("HEAD") or (None, EMPTY_TREE)
    return Ends(Ref("HEAD", commit, tree), Ref("index", None, written.id), tree, written.id, ())


def _between(git: Git, base: Point, head: Ref, head_tree: str, remarks: tuple[str, ...]) -> Ends:
    tree = git.run("rev-parse", "--verify", base.tree).decode().strip()
    return Ends(Ref(base.ref, base.commit, tree), head, tree, head_tree, remarks)


def _left_out(written: WrittenTree) -> tuple[str, ...]:
    if not written.left_out:
        return ()
    return (f"left out, untracked and over 50 MB: {', '.join(f'`{path}`' for path in written.left_out[:5])}",)


def _configured(base: Snapshot, head: Snapshot) -> tuple[Config, tuple[str, ...]]:
    """Base's configuration; where base has none, head's, and the report says so."""
    loaded = load(base.read)
    if loaded.file is not None:
        return loaded.config, ()
    loaded = load(head.read)
    said = f"configuration: head's {loaded.file}, because base has none"
    return loaded.config, (said,) if loaded.file else ()


def sandbox_asked(asked: Asked, config: Config) -> str:
    """Return what asks for a sandbox, in words; empty when nothing does."""
    return "--sandbox" if asked.sandbox else (f'sandbox = "{config.sandbox}"' if config.sandbox else "")
