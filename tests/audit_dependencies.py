"""Ask pip-audit for known vulnerabilities of what is installed; where no index answers, say so and stop nobody.

Usage: python tests/audit_dependencies.py PIP_AUDIT FOLDER; exits with 1 for a vulnerability, and for a failure of
pip-audit that is not the network's.
"""

import re
import subprocess
import sys

_UNANSWERED = re.compile(
    r"ConnectionError|ConnectTimeout|ReadTimeout|Max retries|Connection\w* (?:failed|refused)|HTTPError"
)
_LIMIT = 600.0  # seconds


def audit(command: list[str]) -> int:
    """Run pip-audit; return the exit code, and print what a person needs to know."""
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_LIMIT)
    said = ran.stdout + ran.stderr
    if ran.returncode and not ran.stdout.strip() and _UNANSWERED.search(said):
        print(f"not audited: no index of vulnerabilities answers ({said.strip().splitlines()[-1]})")  # noqa: T201
        return 0
    print(said, end="")  # noqa: T201
    return ran.returncode


if __name__ == "__main__":
    pip_audit, folder = sys.argv[1:]
    sys.exit(audit([pip_audit, "--path", folder, "--progress-spinner", "off", "--timeout", "15"]))
