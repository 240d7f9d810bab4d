"""Known vulnerabilities of the locked packages: `make audit`.

    python .ci/audit.py requirements.lock [pip-audit's own options]

Exit code 0: none is known, or nobody could be asked, which is said; 1: some are; 2: the lock cannot
be read. A finding that a person has looked at is waived with `--ignore-vuln ID`.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

# What pip-audit ends with where the service is out of reach; all else is a fault of the lock.
_OUT_OF_REACH = ("ConnectionError", "ConnectTimeout", "ReadTimeout", "ServiceError", "ProxyError")


def audit(lock: str, options: list[str]) -> int:
    """Asks OSV about every package of a lock and says what came of it.

    Args:
        lock: A requirements file with exact versions.
        options: Further options of pip-audit.

    Returns:
        The exit code.
    """
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        done = subprocess.run(
            [
                *(sys.executable, "-m", "pip_audit", "--requirement", lock),
                # The lock is what is installed: nothing is resolved, no registry is asked.
                *("--no-deps", "--disable-pip", "--progress-spinner", "off"),
                *("--vulnerability-service", "osv", "--cache-dir", folder),
                *("--format", "json", "--output", str(report), *options),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        if not report.exists():
            return _not_audited(done.stderr)
        packages = json.loads(report.read_text(encoding="utf-8"))["dependencies"]
    findings = [
        f"{package['name']} {package['version']}: {', '.join([found['id'], *found['aliases']])}; "
        f"fixed in {', '.join(found['fix_versions']) or 'no version yet'}"
        for package in packages
        for found in package.get("vulns", ())
    ]
    for line in findings:
        _say(line)
    known = {0: "no known vulnerability", 1: "1 known vulnerability"}.get(
        len(findings), f"{len(findings)} known vulnerabilities"
    )
    _say(f"audit: {len(packages)} packages, {known}")
    return 1 if findings else 0


def _not_audited(stderr: str) -> int:
    last = next((line for line in reversed(stderr.splitlines()) if line.strip()), "no message")
    told = " ".join(last.split())[:200]
    if any(name in stderr for name in _OUT_OF_REACH):
        _say(f"audit: not checked: the vulnerability service is out of reach ({told})")
        return 0
    _say(f"audit: the lock cannot be audited: {told}; make it again with: make lock")
    return 2


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(audit(sys.argv[1], sys.argv[2:]))
