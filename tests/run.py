"""Every check, in order; all of them run even when one fails. With arguments, only pytest."""

import os
import subprocess
import sys
import time
from pathlib import Path

from reviewer import local_postgres

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
MANAGE = [PYTHON, "manage.py"]
TEMPLATES = sorted(str(path) for path in ROOT.glob("templates/**/*.html"))
TESTING = {"BENCHBOOK_HTTPS": "0"}  # the tests speak plain HTTP, on whatever database
PRODUCTION = {"BENCHBOOK_HTTPS": "1", "BENCHBOOK_SECRET_KEY": "only-for-the-check " + "aB3-" * 16}

CHECKS = {
    "ruff check": [PYTHON, "-m", "ruff", "check"],
    "ruff format": [PYTHON, "-m", "ruff", "format", "--check"],
    "mypy": [PYTHON, "-m", "mypy", "policies", "reviewer"],
    "djade": [
        str(Path(PYTHON).with_name("djade")),
        "--check",
        "--target-version",
        "5.2",
        *TEMPLATES,
    ],
    "migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
    "deployment": [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"],
    "pytest": [PYTHON, "-m", "pytest"],
}


def run(words: list[str], variables: dict[str, str]) -> int:
    return subprocess.run(words, cwd=ROOT, env=os.environ | variables, check=False).returncode


def passes(name: str, words: list[str]) -> bool:
    print(f"== {name}", flush=True)
    began = time.monotonic()
    code = run(words, PRODUCTION if name == "deployment" else TESTING)
    if name != "pytest":  # its own last line tells
        print(f"   {'failed' if code else 'ok'} in {time.monotonic() - began:.1f} s", flush=True)
    return code == 0


def main(arguments: list[str]) -> int:
    if arguments:
        return run([*CHECKS["pytest"], *arguments], TESTING)
    failed = [name for name, words in CHECKS.items() if not passes(name, words)]
    print(f"Failed: {', '.join(failed)}" if failed else "Every check is passed")
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        if local_postgres.is_used():
            local_postgres.start()
        sys.exit(main(sys.argv[1:]))
    except local_postgres.LocalPostgresError as error:
        sys.exit(f"benchbook: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
