"""What reading costs: a bulletin of 400 KB takes under half a second and ten times its size."""

import time
import tracemalloc

import pytest

from policies.reading import read
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
