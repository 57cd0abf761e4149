"""Spoilt and hostile files: a document or one sentence, in a time that the size bounds."""

import re
import time
from pathlib import Path
from random import Random

import pytest
from django.core.management import CommandError, call_command

from policies.reading import Document, NotABulletin, read
from policies.reading.mutation import MUTATIONS, Outcome, Tally, as_page, mutated, outcome

HERE = Path(__file__).parent
COMPLETE = (HERE / "bulletins" / "complete.txt").read_bytes()
PAGE = (HERE / "bulletins" / "complete.html").read_bytes()


@pytest.mark.parametrize("name", sorted(MUTATIONS))
def test_a_spoilt_bulletin_gives_a_document_or_a_sentence(name):
    tally = Tally()
    for number in range(24):
        chance = Random(f"{name}-{number}")
        whole = (COMPLETE, PAGE, as_page(COMPLETE))[number % 3]
        tally.add(f"{name}-{number}", outcome(MUTATIONS[name](chance, whole)))

    assert tally.faults == []
    assert tally.files == tally.read + tally.refused == 24


def test_several_mutations_at_once():
    tally = Tally()
    for number in range(100):
        how, data = mutated(Random(number), [COMPLETE, PAGE])
        tally.add(how, outcome(data))

    assert tally.faults == []


def test_a_fault_is_told_from_a_refusal(monkeypatch):
    monkeypatch.setattr("policies.reading.mutation.read", lambda data: 1 / 0)
    assert outcome(b"x").fault == "ZeroDivisionError: division by zero"

    def refuse(data):
        raise NotABulletin("no")

    monkeypatch.setattr("policies.reading.mutation.read", refuse)
    assert outcome(b"x").fault == "no sentence: 'no'"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<html><body>" + "<div>" * 5000 + "x", "nested too deep"),
        ("<html><body>" + "<ol><li>" * 5000 + "x", "nested too deep"),
        ("<html><body><p>" + "x" * 10_100_000, "too deep or has parts too long"),
        ("<html><body><p>" + "x" * 11_000_000, "less than 10 MB"),
        ("<html><body>" + "<p>x</p>\n" * 70_000, "more than 65,535 lines"),
        ("<html><body><p " + " ".join(f"a{n}=1" for n in range(60_000)) + ">x", "parts too long"),
        ("<html><body><p x=a'b " + "a " * 60_000 + "'>x", "parts too long"),
        ("<html><body>" + "<p>x" * 210_000, "more than 200,000 lines"),
        ("<html><body><script>Number: 1</script></body></html>", "holds no text"),
        ("<html><!-- " + "x" * 100, "holds no text"),
        ("<html><body><h1>Lamps</h1><p>Dear reviewer,</p></body></html>", "Number:"),
        ("<html><body><h1>Lamps</h1><p>Number: 1</p><p>x</p></body></html>", "parts"),
    ],
)
def test_a_hostile_page_is_refused_in_one_sentence(text, words):
    with pytest.raises(NotABulletin, match=re.escape(words)) as refusal:
        read(text.encode())

    assert str(refusal.value).endswith(".")
    assert "\n" not in str(refusal.value)


def test_a_picture_within_the_page_may_be_long():
    picture = f'<img alt="" src="data:image/png;base64,{"A" * 100_000}">'.encode()

    assert read(PAGE.replace(b"<h2>Policy</h2>", picture + b"<h2>Policy</h2>")) == read(PAGE)


def test_cells_that_reach_over_many_rows_take_bounded_time():
    rows = b"<tr><td rowspan=999>99901<td rowspan=999>Lamp" * 3000
    began = time.thread_time()

    assert read(PAGE.replace(b"</tbody>", rows + b"</tbody>")).code_groups
    assert time.thread_time() - began < 5


def test_entities_are_neither_expanded_nor_fetched(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret words")
    names = [f"a{number}" for number in range(10)]
    bomb = "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">'
        for before, name in zip(["x", *names], names, strict=False)
    )
    start = f'<!DOCTYPE html [<!ENTITY x "laugh"><!ENTITY f SYSTEM "file://{secret}">{bomb}]>'
    page = PAGE.decode().replace("<!DOCTYPE html>", start)
    page = page.replace("Lamps give off warmth.", "Lamps &a9; &f; give off warmth.")

    printed = str(read(page.encode()).as_json())
    assert "Lamps &a9; &f; give off warmth." in printed
    assert "secret words" not in printed
    assert len(printed) < 60_000


def test_ten_megabytes_in_one_line_are_read_in_bounded_time():
    text = COMPLETE + b"\nAppendix\n\n" + b"warm lamps and cold cups " * 420_000
    began = time.thread_time()

    assert isinstance(read(text), Document)
    assert time.thread_time() - began < 10


# The command


def test_the_command_counts_what_it_read(capsys):
    call_command("fuzz", str(HERE / "bulletins" / "complete.txt"), seconds=0.5, seed=1)

    printed = capsys.readouterr().out
    assert re.search(r"\d+ files .* seed 1\): \d+ read, \d+ refused, 0 faults; longest", printed)


def test_the_command_may_be_told_how_many_files_to_read(capsys):
    call_command("fuzz", count=7, seed=1)

    assert capsys.readouterr().out.startswith("7 files (")


def test_the_command_fails_with_what_it_found(capsys, monkeypatch):
    bad = Outcome(1, 0.0, fault="KeyError: 'lamp'")
    monkeypatch.setattr("policies.management.commands.fuzz.outcome", lambda data: bad)
    with pytest.raises(CommandError, match="The reader failed on"):
        call_command("fuzz", seconds=0.1, seed=1)

    assert "KeyError: 'lamp'" in capsys.readouterr().err


def test_the_command_names_a_file_that_cannot_be_read(tmp_path):
    with pytest.raises(CommandError, match=r"absent\.txt cannot be read"):
        call_command("fuzz", str(tmp_path / "absent.txt"))
