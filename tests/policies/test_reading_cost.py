"""What reading costs: a bulletin of 400 KB takes under half a second and ten times its size."""

import contextlib
import json
import time
import tracemalloc

import pytest

from policies.reading import NotABulletin, read
from tests.policies.bulletin_writers import as_html, as_text

SIZE = 400_000
HEAD = (
    "Lamps\n\nNumber: 0907\n\nPolicy\n\nScope of Policy\n\nThis is about lamps.\n\n"
    "  1. Medical Necessity\n\n"
)
STATEMENT = (
    "    {0}. A lamp is medically necessary when all of the following are met:\n\n"
    "      1. The joint has ached for {0} weeks, whatever was done about it; and\n"
    "      2. Any of the following:\n\n"
    "        1. Cold makes it worse; or\n        2. So does ice.\n\n"
)
TABLE = (
    "Table:\n\nCPT Codes / HCPCS Codes / ICD-10 Codes\n\nCode Code Description\n\n"
    "ICD-10 codes covered if selection criteria are met:\n\n"
)
ROW = "M{0:02d}.{1}0 - M{0:02d}.{1}9\nAches of one joint, the one numbered {1} [not for cats]\n"
PARAGRAPH = "Lamps give off warmth, and in 2021 a report spoke of their use in cold houses. " * 9
REFERENCE = "  {0}. Warm A, Cold B. A study of lamps and warmth. J Heat. 2020;{0}(1):S1-S9.\n"


def bulletin():
    """A long bulletin with a share of everything."""
    statements = "".join(STATEMENT.format(number) for number in range(1, 200))
    rows = "".join(ROW.format(number // 10, number % 10) for number in range(1000))
    references = "".join(REFERENCE.format(number) for number in range(1, 500))
    text = f"{HEAD}{statements}{TABLE}{rows}\nBackground\n\n"
    missing = SIZE - len(text) - len(references)
    background = f"{PARAGRAPH}\n\n" * (missing // len(PARAGRAPH) + 1)
    return f"{text}{background}References\n\n{references}"


TEXT = bulletin()
READ = read(TEXT.encode())
FORMS = {"text": TEXT, "text again": as_text(READ), "HTML": as_html(READ)}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS.keys())
def test_a_bulletin_of_400_kb_is_read_in_half_a_second(text):
    data = text.encode()
    assert len(data) > SIZE
    times = []
    for _ in range(3):
        began = time.thread_time()
        document = read(data)
        times.append(time.thread_time() - began)

    assert len(document.code_groups[0].rows) == 1000
    assert min(times) < 0.5


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS.keys())
def test_reading_takes_at_most_ten_times_the_files_memory(text):
    data = text.encode()
    tracemalloc.start()
    try:
        document = read(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert len(document.references) == 499
    assert peak <= 10 * len(data)


def many(piece, size=SIZE // 2):
    return (piece * (size // len(piece) + 1))[:size]


END = "\n\nBackground\n\nLamps.\n"
TABLE_HTML = (
    "<html><body><h1>Lamps</h1><p>Number: 1</p><h2>Policy</h2><p>x</p><h2>Background</h2><table>"
    "<tr><td colspan=2>CPT codes covered if selection criteria are met:</td></tr>"
)
HOSTILE = {
    "one long line": HEAD + many("warm lamps and cold cups ") + TABLE + END,
    "one cell of codes": HEAD + TABLE + many("Z51.89, ") + " Ache" + END,
    "codes that wait for words": HEAD + TABLE + many("Z51.89,\n") + "Ache" + END,
    "rows": HEAD + TABLE + many("Z51.89 Ache\n") + END,
    "open brackets": HEAD + TABLE + "Z51.89 " + many("[(") + END,
    "notes in brackets": HEAD + TABLE + "Z51.89 " + many("[a] ") + END,
    "rows that leave brackets open": HEAD + TABLE + many("Z51.89 Ache (x\n") + END,
    "descriptions that go on": HEAD + TABLE + "Z51.89 Ache (\n" + many("and more, of\n") + END,
    "a long description continued": HEAD + TABLE + "Z51.89 " + many("a ", 20_000) + "; b\n"
    + many("Z51.88 \u00a0\u00a0 x\n") + END,
    "services": HEAD + TABLE + many("lamp, no specific code - no specific code\n") + END,
    "headings cut in two": HEAD + TABLE + many("CPT codes not\ncovered for\n") + END,
    "blanks": HEAD + TABLE + "Z51.89" + many(" ") + "x" + END,
    "columns": HEAD + TABLE + many("Z51.89        Ache\n") + END,
    "deep lists": HEAD + "".join(f"{' ' * (n % 400)}1. any of:\n" for n in range(950)) + END,
    "quantifiers": HEAD + many("    any of the following: all of these\n\n    1. x; and\n\n") + END,
    "bare headings": HEAD + many("Warm Lamps\n\n") + END,
    "footnotes": HEAD + "A test*.\n\n" + many("* foot\n\n") + END,
    "a contents list": HEAD.replace("Policy\n", "Table Of Contents\n\n" + many("Warm\n"), 1) + END,
    "no breaks": (HEAD + TABLE).replace("\n", " ") + many("Z51.89 Ache, to 99901 (List) ") + END,
    "HTML rows": TABLE_HTML + many("<tr><td>99901<br>99902</td><td>Lamp</td></tr>") + "</table>",
    "HTML cell": f"{TABLE_HTML}<tr><td>{many('99901<br>')}</td><td>Lamp</td></tr></table>",
}  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_file_takes_time_and_gives_text_in_proportion(text):
    data = text.encode()
    printed = ""
    began = time.thread_time()
    with contextlib.suppress(NotABulletin):
        printed = json.dumps(read(data).as_json())
    taken = time.thread_time() - began

    assert taken < 10  # a step that grows with the square takes minutes
    assert len(printed) <= 50 * len(data)  # keys and anchors outweigh lines of few characters
