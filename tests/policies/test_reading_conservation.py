"""Nothing is lost: each line of the input is in the result, or among those not understood."""

import contextlib
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.reading import NotABulletin, read
from policies.reading.mutation import as_page

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "bulletins"
TEXTS = sorted((Path(__file__).parent / "bulletins").glob("*.txt"))
TEXTS += sorted((ROOT / "policies" / "demo" / "bulletins").glob("*.txt"))


NO_CODE = re.compile(  # said by `service_without_code`
    r"(there (is|are) )?(no specific( \S+){0,2}? codes?|code not available)( for( the)?)?", re.I
)


def words(text):
    text = NO_CODE.sub("", text).replace("-hyphen", "-").replace("-", " ")
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


def passages(section):
    yield section["heading"]
    for block in section["blocks"]:
        yield block["text"]
    for child in section["children"]:
        yield from passages(child)


def row_text(row):
    codes = (
        f"{one['low']} {one['high'] if one['high'] != one['low'] else ''}" for one in row["codes"]
    )
    return f"{' '.join(codes)} {row['description']}"


def everything(document):
    data = document.as_json()
    yield data["title"]
    yield f"Policy Number: {data['number']}"
    for section in data["sections"]:
        yield from passages(section)
    for group in data["code_groups"]:
        yield group["heading"]
        yield group["scope"] or ""
        yield from map(row_text, group["rows"])
    yield from data["legends"]


def lost_lines(data, document=None, encoding="utf-8"):
    """Lines of a text that the document neither holds nor reports; the document may be of a page
    made from it, whose reports then have the page's line numbers."""
    reported, texts = set(), []
    if document is None:
        document = read(data)
        reported = {one.line for one in document.not_understood}
    else:
        texts = [one.text for one in document.not_understood]
    texts += everything(document)
    kept = "".join(f"| {words(text)} |" for text in texts)
    lost = []
    for number, line in enumerate(re.split(r"\r\n|\n|\r", data.decode(encoding)), start=1):
        unmarked = re.sub(r"^\s*(\(?\w{1,5}[.)]|[*•-]|o)(?=\s)", "", line)
        is_kept = f" {words(line)} " in kept or f" {words(unmarked)} " in kept
        if words(line) and not is_kept and number not in reported:
            lost.append((number, line))
    return lost


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_every_line_is_kept_or_reported(path):
    assert lost_lines(path.read_bytes()) == []


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared bulletins are not beside the checkout")
def test_every_line_of_the_real_bulletins_is_kept_or_reported():
    for path in SHARED.glob("*.txt"):
        assert lost_lines(path.read_bytes()) == []


def test_a_reported_line_has_its_number_and_its_words():
    path = Path(__file__).parent / "bulletins" / "complete.txt"
    lines = path.read_text().split("\n")
    for one in read(path.read_bytes()).not_understood:
        assert one.text == " ".join(lines[one.line - 1].split())
        assert one.reason


@st.composite
def disturbed(draw):
    """A bulletin whose lines are lost, doubled, swapped, moved or set apart."""
    lines = draw(st.sampled_from(TEXTS)).read_text().split("\n")
    for _ in range(draw(st.integers(1, 10))):
        at, other = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
        change = draw(st.integers(0, 5))
        if change == 0:
            del lines[at]
        elif change == 1:
            lines[at], lines[other] = lines[other], lines[at]
        elif change == 2:
            lines.insert(at, lines[other])
        elif change == 3:
            lines[at] = lines[at].strip()
        elif change == 4:
            lines[at] = f"  {lines[at]}"
        else:
            lines.insert(at, "")
    return "\n".join(lines).encode()


@settings(max_examples=80, deadline=None)
@given(disturbed())
def test_every_line_of_a_disturbed_bulletin_is_kept_or_reported(data):
    with contextlib.suppress(NotABulletin):
        assert lost_lines(data) == []


@settings(max_examples=40, deadline=None)
@given(disturbed())
def test_every_line_of_a_disturbed_page_is_kept_or_reported(data):
    with contextlib.suppress(NotABulletin):
        assert lost_lines(data, read(as_page(data))) == []


def test_a_subject_without_codes_is_reported():
    text = TEXTS[0].read_bytes().replace(b"Small lamps:", b"Old lamps:\n\nSmall lamps:")

    (one,) = (one for one in read(text).not_understood if one.text == "Old lamps:")
    assert one.reason == "no heading and no codes stand under this subject"
