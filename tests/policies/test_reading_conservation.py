"""Nothing is lost: each line of the input is in the result, or among those not understood."""

import re
from pathlib import Path

import pytest

from policies.reading import read

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "bulletins"
TEXTS = sorted((Path(__file__).parent / "bulletins").glob("*.txt"))
TEXTS += sorted((ROOT / "policies" / "demo" / "bulletins").glob("*.txt"))


def words(text):
    text = text.replace("-hyphen", "-").replace("-", " ")
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
    ending = " no specific code" if row["service_without_code"] else ""
    return f"{' '.join(codes)} {row['description']}{ending}"


def everything(document):
    data = document.as_json()
    yield data["title"]
    yield f"Number: {data['number']}"
    for section in data["sections"]:
        yield from passages(section)
    for group in data["code_groups"]:
        yield group["heading"]
        yield group["scope"] or ""
        yield from map(row_text, group["rows"])
    yield from data["legends"]


def lost_lines(data, encoding="utf-8"):
    """Line numbers of the input that the document neither holds nor reports."""
    document = read(data)
    kept = "".join(f"| {words(text)} |" for text in everything(document))
    reported = {one.line for one in document.not_understood}
    lost = []
    for number, line in enumerate(re.split(r"\r\n|\n|\r", data.decode(encoding)), start=1):
        unmarked = re.sub(r"^\s*(\(?\w{1,5}[.)]|[*•-])(?=\s)", "", line)
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
