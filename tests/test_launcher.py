"""`./benchbook`: finds a Python, makes .venv once, repairs it, and says what is wrong."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MANAGE = "import os, sys\nprint(*sys.argv[1:], os.getcwd(), sep='|')\n"


def make_checkout(directory):
    """A checkout that requires no package, in a path with a space."""
    checkout = directory / "my work"
    checkout.mkdir()
    shutil.copy(ROOT / "benchbook", checkout)
    (checkout / "manage.py").write_text(MANAGE)
    (checkout / "requirements.txt").touch()
    (checkout / "requirements-dev.txt").touch()
    return checkout


@pytest.fixture
def checkout(tmp_path):
    return make_checkout(tmp_path)


@pytest.fixture(scope="module")
def first_run(tmp_path_factory):
    """A checkout whose .venv is made, which takes seconds, and what its first run said."""
    checkout = make_checkout(tmp_path_factory.mktemp("first"))
    return checkout, run(checkout / "benchbook", "look_up", "A 1")


@pytest.fixture
def ready(first_run, tmp_path):
    """A ready checkout of a test's own: a copy made to look as if set up where it stands."""
    original, copy = first_run[0], tmp_path / "ready"
    shutil.copytree(original, copy, symlinks=True)
    for name in ("pyvenv.cfg", "stamp"):
        file = copy / ".venv" / name
        file.write_text(file.read_text().replace(str(original), str(copy)))
    return copy


@pytest.fixture
def python_without_venv(tmp_path):
    """Runs everything but `-m venv`: enough to see that a new .venv is wanted."""
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\n[ "$2" = venv ] && exit 1\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    return str(python)


def run(command, *words, cwd="/", **environment):
    # Off the package index: uv is not to be had, and pip has nothing to fetch.
    environment = os.environ | {"PYTHON": sys.executable, "PIP_NO_INDEX": "1"} | environment
    environment.pop("PIP_FIND_LINKS", None)
    return subprocess.run(
        [command, *words], cwd=cwd, env=environment, capture_output=True, text=True
    )


def only_python(directory, version, body="exit 0"):
    """A PATH with the usual tools and one python3 that claims the version."""
    directory.mkdir()
    for tool in ("sh", "dirname", "basename", "readlink", "cat", "cmp", "head"):
        (directory / tool).symlink_to(shutil.which(tool))
    python = directory / "python3"
    python.write_text(
        f"#!/bin/sh\ncase $2 in *version_info*) echo {version} ;; *) {body} ;; esac\n"
    )
    python.chmod(0o755)
    return str(directory)


def test_without_a_word_the_usage_is_shown_and_nothing_is_made(checkout):
    shown = run(checkout / "benchbook")

    assert shown.returncode == 0
    assert shown.stdout.startswith("usage: ./benchbook")
    assert not (checkout / ".venv").exists()


def test_first_run_makes_the_environment_and_the_second_finds_it_ready(first_run):
    checkout, first = first_run

    second = run(checkout / "benchbook", "look_up", "A 1")

    assert first.stdout == "look_up|A 1|/\n"
    assert "making .venv" in first.stderr
    assert (second.stdout, second.stderr) == (first.stdout, "")


def test_symbolic_link_leads_to_the_checkout(first_run, tmp_path):
    (tmp_path / "link").symlink_to(first_run[0] / "benchbook")

    linked = run("./link", "two", cwd=tmp_path)

    assert (linked.stdout, linked.stderr) == (f"two|{tmp_path}\n", "")


def test_changed_requirements_are_installed_into_the_same_environment(ready):
    (ready / "requirements.txt").write_text("# nothing yet\n")

    again = run(ready / "benchbook", "two")

    assert "installing what requirements.txt lists" in again.stderr
    assert "making .venv" not in again.stderr


def test_development_environment_serves_and_is_not_cut_down(ready):
    stamp = ready / ".venv" / "stamp"
    stamp.write_text(stamp.read_text().replace("plain\n", "dev\n", 1))

    assert run(ready / "benchbook", "two").stderr == ""


@pytest.mark.parametrize("damage", ["moved", "interrupted", "python vanished"])
def test_damaged_environment_is_made_anew(ready, tmp_path, python_without_venv, damage):
    assert run(ready / "benchbook", "one").stderr == ""
    if damage == "moved":
        ready = ready.rename(tmp_path / "moved")
    elif damage == "interrupted":
        (ready / ".venv" / "stamp").unlink()
        (ready / ".venv" / "unfinished").touch()
    else:
        (ready / ".venv" / "bin" / "python").unlink()

    again = run(ready / "benchbook", "two", PYTHON=python_without_venv)

    assert "making .venv" in again.stderr
    assert again.returncode == 1


def test_python_out_of_range_is_named_in_one_sentence(checkout, tmp_path):
    refused = run(checkout / "benchbook", "x", PATH=only_python(tmp_path / "bin", "3.9"), PYTHON="")

    assert refused.returncode == 1
    assert refused.stderr == (
        "benchbook: Python 3.11, 3.12 or 3.13 is needed (found: python3 3.9);"
        " name one with PYTHON=/path/to/python\n"
    )


def test_python_without_venv_names_the_package(checkout, tmp_path):
    path = only_python(tmp_path / "bin", "3.12", body="exit 1")

    refused = run(checkout / "benchbook", "x", PATH=path, PYTHON="")

    assert refused.returncode == 1
    assert refused.stderr.endswith("apt-get install python3.12-venv\n")
    assert refused.stderr.count("\n") == 1
