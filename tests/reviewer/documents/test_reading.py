"""Files are known by their bytes, read to pages, drawn as PNG; each refusal says what to do."""

import subprocess
import time
from contextlib import suppress
from io import BytesIO

import pytest
from PIL import Image

from reviewer.demonstration.papers import fax, pdf
from reviewer.documents import decoder, reading
from reviewer.documents.errors import NotDrawn, NotRead
from reviewer.documents.kinds import JPEG, PDF, PNG, TEXT
from reviewer.documents.reading import draw, read
from tests.reviewer.documents import hostile
from tests.reviewer.documents.hostile import NOTE, image


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (pdf([NOTE]), PDF),
        (b"\n\n" + pdf([NOTE]), PDF),
        (fax(NOTE), PNG),
        (image("JPEG"), JPEG),
        (NOTE.encode(), TEXT),
        ("Temperature 38.5 \u00b0C".encode("cp1252"), TEXT),
        (NOTE.encode("utf-16"), TEXT),
    ],
)
def test_a_file_is_known_by_its_bytes(data, kind):
    assert read(data).kind == kind


def test_the_words_of_every_page_are_kept():
    assert [page.strip() for page in read(pdf(["One (1)", "Two"])).pages] == ["One (1)", "Two"]


def test_the_page_of_a_picture_has_no_words():
    assert read(fax(NOTE)).pages == ("",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_is_read_in_the_encodings_that_programs_write(encoding):
    words = "37.5 \u00b0C, caf\u00e9\r\nPlan"

    assert read(words.encode(encoding)).pages == ("37.5 \u00b0C, caf\u00e9\nPlan",)


def test_text_breaks_at_form_feeds_and_after_sixty_lines():
    assert read(b"One\x0cTwo\x0c").pages == ("One", "Two")
    lines = "\n".join(str(number) for number in range(1, 131))
    assert [page.split("\n")[0] for page in read(lines.encode()).pages] == ["1", "61", "121"]


def test_text_without_breaks_is_cut_to_pages():
    assert [len(page) for page in read(b"x" * 13_000).pages] == [6000, 6000, 1000]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is empty"),
        (b"  \n ", "holds no words"),
        (b"PK\x03\x04 word/document.xml", "a Word, Excel or ZIP file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Word or Excel file"),
        (b"{\\rtf1\\ansi words}", "a rich text file"),
        (b"<!DOCTYPE HTML><p>words", "a web page"),
        (b"II*\x00\x08\x00", "a TIFF image"),
        (b"\x00\x00\x00\x18ftypheic", "a HEIC image"),
        (b"MZ\x90\x00\x03", "a program"),
        (bytes(range(256)), "of a kind that cannot be shown"),
        (b"%PDF-1.4 nothing more", "is broken"),
        (pdf([NOTE])[:200], "is broken"),
        (fax(NOTE)[:-300], "is broken"),
        (image("JPEG", (900, 900), color="red")[:-200], "is broken"),
        (b"x" * (25 * 1024**2 + 1), "more than 25 MB"),
        (b"A page\x0c" * 500 + b"Last", "more than 500 pages"),
        (hostile.long_pdf(), "more than 500 pages"),
        (hostile.encrypted(), "protected by a password"),
        (hostile.huge_image(), "million pixels"),
        (hostile.pages_in_a_circle(), "is broken"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_is_not_taken_is_refused_with_what_to_do(data, sentence):
    with pytest.raises(NotRead, match=sentence) as refused:
        read(data)
    assert ". " in str(refused.value) or ": " in str(refused.value)


def test_five_hundred_pages_are_taken():
    assert len(read(hostile.long_pdf(500)).pages) == 500


@pytest.mark.parametrize(
    ("data", "kind"), [(pdf([NOTE]), PDF), (fax(NOTE), PNG), (image("JPEG"), JPEG)]
)
def test_a_page_is_drawn_as_png_of_the_width_asked_for(data, kind):
    drawn = Image.open(BytesIO(draw(data, kind, page=1, width=400)))

    assert drawn.format == "PNG"
    assert drawn.width == min(400, 60 if kind == JPEG else 400)


def test_a_picture_is_drawn_the_way_its_camera_was_held():
    turned = Image.Exif()
    turned[0x0112] = 6  # a quarter to the right
    taken = BytesIO()
    Image.new("RGB", (300, 100)).save(taken, "JPEG", exif=turned)

    assert Image.open(BytesIO(draw(taken.getvalue(), JPEG, page=1, width=999))).size == (100, 300)


def test_what_shines_through_is_drawn_on_white():
    clear = image(mode="RGBA", color=(0, 0, 0, 0))

    assert Image.open(BytesIO(draw(clear, PNG, page=1, width=60))).getpixel((9, 9)) == (
        255,
        255,
        255,
    )


@pytest.mark.parametrize(
    "make",
    [hostile.bomb, hostile.words_without_end, hostile.forms_in_forms, hostile.picture_bomb],
)
def test_a_hostile_pdf_costs_little_time_and_no_more(make):
    data, began = make(), time.monotonic()
    for act in (
        lambda: read(data, seconds=2),
        lambda: draw(data, PDF, page=1, width=1200, seconds=2),
    ):
        with suppress(NotRead, NotDrawn):
            act()

    assert time.monotonic() - began < 12
    assert read(pdf([NOTE])).pages  # and the next file is read


def test_work_without_end_is_ended():
    with pytest.raises(NotRead, match="time and memory"):
        read(hostile.forms_in_forms(), seconds=1)
    with pytest.raises(NotDrawn):
        draw(hostile.forms_in_forms(), PDF, page=1, width=300, seconds=1)


DEEDS = {
    "crashes": "import os; os.abort()",
    "sleeps": "import time; time.sleep(30)",
    "loops": "while True: pass",
    "answers nonsense": "sys.stdout.buffer.write(b'nonsense'); sys.exit()",
}


def program_that(deed, folder):
    """The decoder, with a deed between the taking of its limits and its work."""
    program, source = folder / "decoder.py", reading.PROGRAM.read_text()
    next_deed = "    data = sys.stdin.buffer.read()"
    assert next_deed in source
    program.write_text(source.replace(next_deed, f"    {deed}\n{next_deed}"))
    return program


@pytest.mark.parametrize(
    "deed",
    [
        f"held = bytearray({decoder.MEMORY})",
        f"for _ in range(2): sys.stdout.buffer.write(bytes({decoder.ANSWER}))",
    ],
)
def test_the_decoder_gets_no_more_memory_and_says_no_more_than_it_may(deed, tmp_path, monkeypatch):
    """With time enough, so that nothing but the limit ends it."""
    monkeypatch.setattr(reading, "PROGRAM", program_that(deed, tmp_path))

    status, answer = reading._run(pdf([NOTE]), "read", PDF, "60")

    assert status > 0
    assert len(answer) <= decoder.ANSWER


@pytest.mark.parametrize("deed", DEEDS)
def test_whatever_becomes_of_the_decoder_the_site_goes_on(deed, tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "PROGRAM", program_that(DEEDS[deed], tmp_path))
    began = time.monotonic()

    with pytest.raises(NotRead):
        read(pdf([NOTE]), seconds=1)
    with pytest.raises(NotDrawn):
        draw(pdf([NOTE]), PDF, page=1, width=100, seconds=1)
    assert time.monotonic() - began < 20


def test_the_decoder_sees_nothing_of_the_sites_environment(monkeypatch):
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql://secret")
    given, run = {}, subprocess.run
    monkeypatch.setattr(
        subprocess, "run", lambda *words, **facts: given.update(facts) or run(*words, **facts)
    )

    read(pdf([NOTE]))

    assert given["env"] == {}
