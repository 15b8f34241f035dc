"""Configuration is held in dataclasses, Pydantic models or their like, not in plain classes and dicts.

A plain class takes `TrainConfig.lerning_rate = 1` without a word, cannot be built, compared, printed or checked, and
its attributes are shared by all who use it; a dict fails at the key that was misspelt, an hour into the run.  A
dataclass, a Pydantic, attrs or msgspec model, a NamedTuple or TypedDict states fields and types
once (PEP 557; Pydantic, "Settings Management").

Certain is a new class that is named like configuration, gives three attributes or more a plain default, and has neither
a decorator nor a base that makes fields of them.  Whether a dict of constants that other modules import, or chains such
as `config["a"]["b"]`, should be such a class is for a person to say: at the place where a file is read they are right.
What base has stays as it is.
"""

from collections.abc import Iterator

from dodcheck.facts import Both, Change, ChangedFile
from dodcheck.facts.code.exports import is_api_file, is_generated
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.configs.config_classes import ConfigClass, ConfigClasses
from dodcheck.facts.configs.config_dicts import ConfigDicts
from dodcheck.rule import Evidence, Finding, Level, Options, Verdict, rule

_FIX = "make it a `@dataclass(frozen=True)` with annotated fields, or a Pydantic model"
_SHOWN = 3
_TYPED = r"\b(data[- ]?class(es)?|pydantic|attrs|msgspec|typed (config\w*|settings) (class(es)?|objects?|models?))\b"
_CONFIG = r"\b(config(uration)?s?|settings?|options|hyper-?parameters?)\b"


class ConfigObjectsOptions(Options, frozen=True):
    """Settings of the rule.

    Args:
        chains: So many new `config["a"]["b"]` in one file ask for a person.
    """

    chains: int = 3


@rule(
    answers=[rf"{_TYPED}[^.;]*{_CONFIG}", rf"{_CONFIG}[^.;]*{_TYPED}"],
    unless=[r"\bconfigure[ds]?\b", r"\b(no|not|never|avoid) (use |using )?(data[- ]?classes|pydantic)\b"],
    cases="_config_objects_cases",
    options=ConfigObjectsOptions,
)
def check(
    change: Change,
    modules: Both[Modules],
    classes: Both[ConfigClasses],
    dicts: Both[ConfigDicts],
    options: ConfigObjectsOptions,
) -> Verdict:
    """Judge the classes, dicts and chains of keys that the change adds."""
    files = [f for f in change.at_head(".py") if is_api_file(f.path) and not is_generated(modules.head.text(f.path))]
    known = _known(change, classes)
    new = [one for file in files for one in classes.head.at(file.path) if (one.name, one.form) not in known]
    findings = [_of_class(one) for one in new if one.form != "structured"]
    findings += [one for file in files for one in _of_dicts(file, dicts)]
    findings += [one for file in files for one in _of_chains(file, change, dicts, options.chains)]
    good = [_seen(one) for one in new if one.form == "structured"]
    findings.sort(key=lambda one: one.level != "error")
    if findings and findings[0].level == "error":
        return Verdict.failed(*findings, evidence=good[:_SHOWN])
    if findings:
        return Verdict.needs_review(findings[0].message, *good[:_SHOWN], findings=findings)
    if good:
        return Verdict.passed(
            *good[:_SHOWN], summary=f"{len(good)} classes of configuration, each with declared fields"
        )
    return Verdict.not_applicable("the change adds no configuration")


def _known(change: Change, classes: Both[ConfigClasses]) -> set[tuple[str, str]]:
    """Return names and forms of the classes of base, wherever the change moves them."""
    paths = [file.base_path for file in change.files if file.base_path and file.base_path.endswith(".py")]
    return {(one.name, one.form) for path in paths for one in classes.base.at(path)}


def _seen(one: ConfigClass) -> Evidence:
    return Evidence(f"`{one.name}` has its fields from `{one.by}`", "symbol", one.path, one.line, one.name)


def _of_class(one: ConfigClass) -> Finding:
    listed = ", ".join(f"`{name}`" for name in one.defaults[:_SHOWN])
    listed += ", …" if len(one.defaults) > _SHOWN else ""
    problem = f"`{one.name}` holds configuration ({listed}) in a plain class"
    problem += f"; {one.by}" if one.by else ": nothing checks names or types"
    level: Level = "error" if one.form == "plain" else "warning"
    return Finding(problem, one.path, one.line, symbol=one.name, fix=_FIX, code="plain-class", level=level)


def _of_dicts(file: ChangedFile, dicts: Both[ConfigDicts]) -> Iterator[Finding]:
    known = {one.name for one in dicts.base.literals(file.base_path)}
    for one in dicts.head.literals(file.path):
        users = dicts.head.users(file.path, one.name) if one.name not in known else ()
        if users:
            others = ", ".join(users[:_SHOWN]) + (", …" if len(users) > _SHOWN else "")
            problem = f"`{one.name}` is a dict of {one.size} constants that other modules import ({others})"
            yield Finding(
                problem, file.path, one.line, symbol=one.name, fix=_FIX, code="constant-dict", level="warning"
            )


def _of_chains(file: ChangedFile, change: Change, dicts: Both[ConfigDicts], enough: int) -> Iterator[Finding]:
    head = dicts.head.chains(file.path)
    if len(head) < enough:
        return
    added = change.added_lines(file)
    known = {one.text for one in dicts.base.chains(file.base_path)}
    fresh = {one.text: one.line for one in reversed(head) if one.line in added and one.text not in known}
    new = sorted(fresh.items(), key=lambda pair: pair[1])
    if len(new) >= enough:
        listed = ", ".join(f"`{text}`" for text, _ in new[:_SHOWN])
        problem = f"{len(new)} values are read out of a nested dict, such as {listed}"
        fix = "parse the file into a dataclass or a Pydantic model where it is read, and pass that on"
        yield Finding(problem, file.path, new[0][1], fix=fix, code="key-chain", level="warning")
