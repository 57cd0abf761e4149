"""Many files: a second process reads ahead, and what becomes of them is as without it."""

import os
import signal
import subprocess
import sys
from io import StringIO
from pathlib import Path

import psutil
import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from policies.imports import ahead, reading_process
from policies.imports.ahead import ReadAhead
from policies.imports.content import current_content
from policies.models import Bulletin, Version
from tests.bench.serving import here
from tests.policies.library import lamps

ROOT = Path(__file__).resolve().parents[2]
LONG = "Lamps are warm. " * 2_000


@pytest.fixture
def folder(tmp_path):
    """Two versions of a bulletin, two other bulletins, and files that are none."""
    files = {
        "a.txt": lamps(),
        "b.txt": b"Dear colleague, the lamps are on.",
        "c.txt": lamps(limitation="No lamp.", history="\nEffective: 01/15/2027\n"),
        "d.txt": b"",
        "e.txt": lamps(number="0908", title="Candles"),
        "f.txt": b"%PDF-1.7 and so on",
        "g.txt": lamps(number="0909", codes="CPT codes:\n\n97110 Lamp\n97111 97112 Lamps\n"),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    return tmp_path


@pytest.fixture
def always_ahead(monkeypatch):
    monkeypatch.setattr(ahead, "FEWEST", 1)
    monkeypatch.setattr(ahead, "cores", lambda: 2)


@pytest.fixture
def started(monkeypatch):
    """The second processes that were started."""
    processes = []

    def start(*words, **options):
        processes.append(original(*words, **options))
        return processes[-1]

    original = subprocess.Popen
    monkeypatch.setattr(ahead.subprocess, "Popen", start)
    return processes


@pytest.fixture
def read_here(monkeypatch):
    """The names of the files that the process that stores read itself."""
    names = []

    def read(path):
        names.append(path.name)
        return original(path)

    original = ahead.read_bulletin
    monkeypatch.setattr(ahead, "read_bulletin", read)
    return names


def brought(folder, *words):
    """What an import says, its refusals, and what is stored then; it is undone again."""
    output, refusals = StringIO(), ""
    with transaction.atomic():
        try:
            call_command("import_bulletin", str(folder), *words, stdout=output)
        except CommandError as error:
            refusals = str(error)
        kept = Version.objects.order_by("pk")
        stored = list(kept.values_list("bulletin__number", "ordinal", "status", "content_hash"))
        transaction.set_rollback(True)
    return output.getvalue(), refusals, stored


@pytest.mark.django_db
@pytest.mark.parametrize("words", [(), ("--publish",), ("--publish", "--effective", "2026-01-01")])
def test_report_refusals_and_order_are_those_of_one_process(
    folder, words, always_ahead, monkeypatch, started, read_here
):
    together = brought(folder, *words)
    assert len(started) == 1
    assert read_here == []
    monkeypatch.setattr(ahead, "cores", lambda: 1)
    alone = brought(folder, *words)

    assert len(started) == 1
    assert len(read_here) == 7
    assert together == alone
    assert "7 files:" in together[0]
    assert together[1].startswith(f"{folder / 'b.txt'} was not imported. ")


@pytest.mark.django_db
def test_a_killed_second_process_leaves_the_import_complete(
    tmp_path, always_ahead, monkeypatch, started, read_here, caplog
):
    for number in range(100, 112):
        (tmp_path / f"{number}.txt").write_bytes(lamps(number=f"0{number}", background=LONG))
    monkeypatch.setattr(ahead, "ROOM", 4_096)  # it is killed in the middle of an answer
    monkeypatch.setattr(ReadAhead, "read", killing(started, ReadAhead.read))

    call_command("import_bulletin", str(tmp_path), stdout=(output := StringIO()))

    assert "12 files: 12 imported." in output.getvalue()
    assert Bulletin.objects.count() == 12
    assert read_here[0] == "102.txt"
    assert len(read_here) == 10
    assert "has ended early" in caplog.text


def killing(started, read):
    """Reading that kills the second process after two files."""
    files = []

    def read_and_kill(self, path):
        if len(files) == 2:
            started[0].kill()
        files.append(path)
        return read(self, path)

    return read_and_kill


@pytest.mark.django_db
def test_without_a_second_process_the_first_reads(folder, always_ahead, monkeypatch, read_here):
    def refuse(*words, **options):
        raise OSError("no more processes")

    monkeypatch.setattr(ahead.subprocess, "Popen", refuse)

    _, _, stored = brought(folder)

    assert len(stored) == 4
    assert len(read_here) == 7


def test_a_failure_of_the_reader_is_left_to_the_process_that_tells_it(tmp_path, monkeypatch):
    def fail(path):
        raise LookupError

    monkeypatch.setattr(reading_process, "read_bulletin", fail)

    assert reading_process._answer(str(tmp_path / "a.txt")) is None


def test_what_the_second_process_could_not_read_the_first_reads(folder, monkeypatch, read_here):
    with ReadAhead([]) as reading:
        monkeypatch.setattr(reading, "_answer", lambda: None)

        assert reading.read(folder / "a.txt").flat.number == "0907"
    assert read_here == ["a.txt"]


@pytest.mark.django_db
def test_a_few_files_are_read_by_one_process(folder, started):
    brought(folder)

    assert started == []


# Ends in the middle


def test_leaving_ends_the_second_process_at_once(folder, always_ahead):
    signal.alarm(20)
    with ReadAhead(sorted(folder.iterdir())) as reading:
        second = reading.process
        second.send_signal(signal.SIGSTOP)  # as one that is long at a file
    signal.alarm(0)

    assert second.returncode == -signal.SIGKILL


def heed_ctrl_c():
    """Programs that a shell starts in the background ignore it, and so do theirs."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture
def running(tmp_path, transactional_db):
    """The command at work on sixty files, in a session of its own, and its second process."""
    for number in range(1000, 1060):
        (tmp_path / f"{number}.txt").write_bytes(lamps(number=str(number), background=LONG))
    process = subprocess.Popen(
        [sys.executable, "manage.py", "import_bulletin", str(tmp_path), "--publish"],
        cwd=ROOT,
        env=os.environ | here() | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
        preexec_fn=heed_ctrl_c,
    )
    assert "is stored" in process.stdout.readline()
    (second,) = psutil.Process(process.pid).children()
    with process:
        yield process, second
        process.kill()


@pytest.mark.parametrize("whom", [os.kill, os.killpg], ids=["the command", "the terminal's group"])
def test_ctrl_c_ends_both_and_leaves_whole_files_only(running, tmp_path, whom):
    process, second = running

    whom(process.pid, signal.SIGINT)

    assert process.wait(timeout=20) == 130
    assert is_gone(second)
    versions = list(Version.objects.all())
    assert 1 <= len(versions) < 60
    for version in versions:
        assert version.status == "published"
        assert version.publication
        assert current_content(version) == version.content
    call_command("import_bulletin", str(tmp_path), "--publish", stdout=(output := StringIO()))
    again, stored = len(versions), 60 - len(versions)
    assert f"60 files: {again} already there, {stored} imported." in output.getvalue()


def test_a_killed_command_leaves_no_second_process(running):
    process, second = running

    process.kill()

    assert process.wait(timeout=20) == -signal.SIGKILL
    assert is_gone(second)


def is_gone(process):
    try:
        process.wait(timeout=20)
    except psutil.TimeoutExpired:
        return False
    return True
