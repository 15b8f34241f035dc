"""Ask pip-audit for known vulnerabilities of what is installed; where no index answers, say so and stop nobody.

Usage: python tests/audit_dependencies.py PIP_AUDIT FOLDER; exits with 1 for a vulnerability, and for a failure of
pip-audit that is not the network's. A package that the index does not know was not audited, and is named.
"""

import re
import subprocess
import sys

import msgspec

_UNANSWERED = re.compile(r"ConnectionError|Timeout|Max retries|HTTPError")
_LIMIT = 600.0  # seconds


class _Vulnerability(msgspec.Struct):
    id: str
    fix_versions: list[str] = []


class _Dependency(msgspec.Struct):
    name: str
    version: str = ""
    vulns: list[_Vulnerability] = []
    skip_reason: str = ""


class _Answer(msgspec.Struct):
    dependencies: list[_Dependency]


def audit(command: list[str]) -> tuple[int, str]:
    """Run pip-audit with its answer in JSON; return the exit code, and what a person needs to know."""
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_LIMIT)
    try:
        found = msgspec.json.decode(ran.stdout, type=_Answer).dependencies
    except msgspec.DecodeError:
        last = (ran.stderr.strip().splitlines() or [f"exit {ran.returncode}"])[-1]
        if _UNANSWERED.search(ran.stderr):
            return 0, f"not audited: no index of vulnerabilities answers ({last})"
        return ran.returncode or 1, f"pip-audit failed: {last}"
    unknown = sorted(one.name for one in found if one.skip_reason and one.name != "dodcheck")
    known = [one for one in found if not one.skip_reason]
    if not known:
        return 0, f"not audited: the index tells of none of {len(unknown)} packages"
    lines = [
        f"{one.name} {one.version}: {bad.id}, fixed in {', '.join(bad.fix_versions) or 'no version yet'}"
        for one in known
        for bad in one.vulns
    ]
    aside = f"; not audited: {', '.join(unknown)}" if unknown else ""
    return int(bool(lines)), "\n".join([*lines, f"{len(known)} packages audited, {len(lines)} vulnerabilities{aside}"])


if __name__ == "__main__":
    pip_audit, folder = sys.argv[1:]
    options = ["--format", "json", "--progress-spinner", "off", "--timeout", "15"]
    code, words = audit([pip_audit, "--path", folder, *options])
    print(words)  # noqa: T201 - its output is what it is for
    sys.exit(code)
