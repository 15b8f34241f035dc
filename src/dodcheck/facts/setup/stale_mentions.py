"""What documents at head still tell people to use, although the change took it away."""

import re
from collections.abc import Iterator, Mapping, Sequence
from posixpath import relpath
from typing import Self

import msgspec

from dodcheck.change import Change
from dodcheck.facts.documents.documentation import Documentation, Kind, is_setup_page, kind_of
from dodcheck.facts.documents.documented_code import code_in
from dodcheck.facts.setup.dependencies import Dependencies
from dodcheck.facts.setup.option_changes import GoneOption, OptionChanges
from dodcheck.facts.setup.setup_changes import SetupChanges
from dodcheck.facts.setup.setup_surface import SetupSurface
from dodcheck.facts.setup.step_readers import Step
from dodcheck.facts.setup.variables import Variable, serves_libraries

_TOLD_GONE = re.compile(
    r"\b(renamed?|removed?|deprecat\w+|formerly|no longer|replac\w+|obsolete|legacy|previously|used to|was called"
    r"|old name|instead of|before version|drop(ped)?|migrat\w+)\b|→|=>",
    re.IGNORECASE,
)
_LEAST = re.compile(r"\+|≥|>=|at least|minimum|or (later|newer|higher|above|greater)|requires?|needs?|and (up|later)")
_ANYBODYS = {"setup.py", "pyproject.toml", "requirements.txt", "Dockerfile", "Makefile", "docker-compose.yml"}
_RUNNER = r"(?:(?:uv|poetry|pipenv|pdm|hatch|rye) run |pipx (?:run|install) |python3? -m )?"
_COMMANDS = {
    "make target": r"^make\b(?:\s+\S+)*?\s+{0}(?=\s|$)",
    "just recipe": r"^just\b(?:\s+-\S+)*\s+{0}(?=\s|$)",
    "nox session": r"^" + _RUNNER + r"nox\b.*\s(?:-s|-e|--sessions?)(?:\s+|=)(?:\S+\s+)*{0}(?=[\s(-]|$)",
    "npm script": (
        r"^(?:(?:npm|pnpm|yarn|bun)\b(?:\s+-\S+(?:[ =](?!run\b)\S+)?)*\s+run(?:-script)?"
        r"|(?:yarn|pnpm)(?!\s+(?:install|add)\b))\s+(?:-\S+\s+)*{0}(?=\s|$)"
    ),
    "task": r"^(?:go-)?task\b(?:\s+-\S+)*\s+{0}(?=\s|$)",
    "script": r"^" + _RUNNER + r"{0}(?=\s|$)",
    "service": r"^docker[- ]compose\b.*\s(?:up|run|exec|logs|restart|build|start|stop)\b.*\s{0}(?=\s|$)",
}


class StaleMention(msgspec.Struct, frozen=True):
    """A line of a document that names what is gone.

    Args:
        what: The thing, in words.
        name: Its name.
        path: The document.
        line: 1-based line.
        was: Where it stood at base.
        certain: Nothing else can serve what the line says.
    """

    what: str
    name: str
    path: str
    line: int
    was: str
    certain: bool = True


class StaleMentions(msgspec.Struct, frozen=True):
    """One mention for each gone thing and document.

    Args:
        found: The mentions, in order of documents.
    """

    found: tuple[StaleMention, ...]

    @classmethod
    def of(
        cls,
        change: Change,
        docs: Documentation,
        changes: SetupChanges,
        surface: SetupSurface,
        dependencies: Dependencies,
        options: OptionChanges,
    ) -> Self:
        """Search READMEs, guides and example environments for what the change took away."""
        if not (changes.variables.gone or changes.surface.gone or changes.surface.python or options.gone):
            return cls(())
        told = [(path, kind) for path, kind in docs.documents if kind != "deployment"]
        all_found = [one for gone in changes.variables.gone for one in _of_variable(gone, docs, told)]
        gone = [step for step in changes.surface.gone if not surface.is_open(step.kind)]
        manifests = [one for name in dependencies.projects for one in dependencies.declaring(name)]
        own = {one.name for one in manifests if one.name}
        commands = {script for one in manifests for script in one.scripts}
        for path, kind in told:
            text, ours = docs.text(path), kind == "readme" or is_setup_page(path)
            for step in gone:
                if step.name.rpartition("/")[2] in text:
                    all_found += _of_step(step, path, text, {*own, "."} if ours else own, change)
            for option in options.gone:
                all_found += _of_option(option, path, text, commands) if option.flag in text else ()
            all_found += _of_python(changes.surface.python, path, text, dependencies) if ours else ()
        found = {(one.name, one.path): one for one in reversed(all_found)}
        return cls(tuple(sorted(found.values(), key=lambda one: (one.path, one.line))))


def _of_variable(variable: Variable, docs: Documentation, told: Sequence[tuple[str, Kind]]) -> Iterator[StaleMention]:
    certain = not any(serves_libraries(name) for name in variable.names)
    for mention in docs.mentions(variable.pattern, told):
        plain_word = all("_" not in name for name in variable.names) and mention.kind != "example"
        shown = (
            mention.text if not plain_word else "".join(re.findall(r"`[^`]*`|^\s*(?:export\s.*|\w+=.*)", mention.text))
        )
        if variable.pattern.search(shown) and not _TOLD_GONE.search(mention.text):
            others = (
                mention.kind == "example" and ".env" not in mention.path and all("_" not in n for n in variable.names)
            )
            yield StaleMention(
                "environment variable",
                variable.names[0],
                mention.path,
                mention.line,
                variable.path,
                certain and not others,  # `PORT` in an example of services may be any service's
            )


def _of_python(
    bounds: Mapping[str, tuple[str, str]], path: str, text: str, dependencies: Dependencies
) -> Iterator[StaleMention]:
    for manifest, (old, new) in bounds.items():
        was, now = _lowest(old), _lowest(new)
        if was is None or now is None or was == now or dependencies.is_foreign(path, manifest):
            continue
        pattern = re.compile(rf"\bpython\b[^.\n]{{0,24}}?(?<![\d.]){re.escape(was)}(?![\d])", re.IGNORECASE)
        for number, line in enumerate(text.splitlines(), 1):
            if pattern.search(line) and _LEAST.search(line) and now not in line:
                yield StaleMention("Python version", was, path, number, manifest)
                break


def _lowest(bound: str) -> str | None:
    found = re.search(r"(?:>=|>|\^|~=|~|==|^)\s*(\d+\.\d+)", bound)
    return found[1] if found else None


def _of_step(step: Step, path: str, text: str, own: set[str], change: Change) -> Iterator[StaleMention]:
    if step.kind == "system package":
        return
    pattern = _file_pattern(step, path, change) if step.kind == "file" else _pattern(step, own)
    if pattern is None:
        return
    lines = text.splitlines()
    for number, snippet in code_in(text):
        if pattern.search(snippet) and not _TOLD_GONE.search(lines[number - 1]):
            yield StaleMention(step.kind, step.name, path, number, step.path)
            return


def _of_option(option: GoneOption, path: str, text: str, commands: set[str]) -> Iterator[StaleMention]:
    """Yield the first line that still uses an option: certain where the project's own command takes it."""
    lines = text.splitlines()
    flag = re.compile(rf"(?<![\w-]){re.escape(option.flag)}(?![\w-])")
    module = option.path.removesuffix(".py").replace("/", ".").removesuffix(".__main__")
    called = "|".join(map(re.escape, [*sorted(commands), *dict.fromkeys((module, module.removeprefix("src.")))]))
    file = re.escape(option.path.rpartition("/")[2])
    own = re.compile(rf"^{_RUNNER}(?:(?:{called})(?=\s)|(?:python[\d.]*\s+)?(?:[\w.-]*/)*{file}(?=\s))")
    found = [
        (bool(own.match(snippet)), number)
        for number, snippet in code_in(text)
        if flag.search(snippet) and not _TOLD_GONE.search(lines[number - 1])
        if own.match(snippet) or snippet.startswith(option.flag)
    ]
    for certain, number in sorted(found, key=lambda one: (not one[0], one[1]))[:1]:
        yield StaleMention("option", option.flag, path, number, option.path, certain)


def _pattern(step: Step, own: set[str]) -> re.Pattern[str] | None:
    name = re.escape(step.name)
    if step.kind == "extra":
        owners = "|".join(re.escape(one).replace(r"\-", "[-_.]") for one in sorted(own))
        loose = name.replace(r"\-", "[-_.]")
        return re.compile(
            rf"(?:^|[\s\"'=])(?:{owners})\[(?:[^\]]*,\s*)?{loose}(?:\s*,[^\]]*)?\]|--extra[= ]{loose}(?![\w-])",
            re.IGNORECASE,
        )
    return re.compile(_COMMANDS[step.kind].format(name))


def _file_pattern(step: Step, document: str, change: Change) -> re.Pattern[str] | None:
    """Return what names a gone file in a document; None when the same words may name another file."""
    if "/" not in step.path and not (is_setup_page(document) or kind_of(document) == "readme"):
        return None
    lead = r"^(?:python\S*\s+|sh\s+|bash\s+)" if step.path in _ANYBODYS and kind_of(document) != "readme" else ""
    folder = document.rpartition("/")[0]
    near = relpath(step.path, folder or ".")
    names = [step.path] if near.startswith("..") else [step.path, near]
    if any(path.endswith(f"/{name}") for name in names for path in change.head.paths()):
        return None
    either = "|".join(re.escape(name) for name in names)
    return re.compile(rf"{lead}(?<![\w/.-])(?:\./)?(?:{either})(?![\w/-]|\.\w)")
