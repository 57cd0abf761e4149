"""The library of one run: bulletins read, imported and published by the site's own command."""

import time
import tracemalloc
from collections.abc import Sequence
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from django.core.management import call_command
from django.utils import timezone

from policies.models import Bulletin
from policies.reading import read
from tests.bench.generator import Generated
from tests.bench.measuring import Times
from tests.bench.report import Row

AT = datetime(2025, 1, 15, 12, tzinfo=UTC)


def reading_rows(made: Sequence[Generated]) -> list[Row]:
    """Speed over all bulletins, memory over the median one and the largest."""
    seconds = []
    worked = time.process_time()
    for one in made:
        began = time.perf_counter()
        read(one.data, name=one.name)
        seconds.append(time.perf_counter() - began)
    worked = time.process_time() - worked
    megabytes = sum(len(one.data) for one in made) / 1e6
    speed = megabytes / worked  # reading waits for nothing: only the processor's time is its own
    by_size = sorted(made, key=lambda one: len(one.data))
    peaks = [memory_factor(by_size[len(made) // 2]), memory_factor(by_size[-1])]
    largest = f"largest {len(by_size[-1].data) / 1e3:.0f} KB: {peaks[1]:.1f} x"
    return [
        Row("reading a bulletin", Times(tuple(seconds)), bar="", note="each"),
        Row(
            "  speed",
            value=f"{speed:.2f} MB/s",
            bar=">= 2 MB/s",
            is_met=speed >= 2,
            note=f"by the processor's time; {megabytes / sum(seconds):.2f} MB/s by the clock",
        ),
        Row(
            "  memory, by the file's size",
            value=f"{peaks[0]:.1f} x",
            bar="<= 10 x",
            is_met=max(peaks) <= 10,
            note=largest,
        ),
    ]


def memory_factor(one: Generated) -> float:
    data = one.data
    tracemalloc.start()
    read(data, name=one.name)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / len(data)


def import_rows(made: Sequence[Generated]) -> list[Row]:
    """`import_bulletin FOLDER --publish`, as the site's role."""
    with TemporaryDirectory() as folder, patch.object(timezone, "now", return_value=AT):
        for one in made:
            Path(folder, one.name).write_bytes(one.data)
        began, worked = time.perf_counter(), time.process_time()
        call_command("import_bulletin", Path(folder), publish=True, stdout=StringIO())
        worked = time.process_time() - worked
        total = time.perf_counter() - began
    Bulletin.objects.update(category="Generated")
    per_thousand = total / len(made) * 1000
    return [
        Row(
            "1,000 bulletins, searchable",
            value=f"{per_thousand:.0f} s",
            bar="<= 60 s",
            is_met=per_thousand <= 60,
            note=f"{len(made) / total:.1f} a second; {worked / total:.0%} of the time is Python's"
            " that stores",
        ),
    ]
