"""The library of one run: bulletins read, imported and published by the site's own code."""

import time
import tracemalloc
from collections.abc import Sequence
from datetime import UTC, datetime

from policies.imports.bulletins import import_bulletin
from policies.models import Version
from policies.publishing import publish
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
    """Import and publish every bulletin, each in transactions of its own, as the site's role."""
    imports, publications = [], []
    worked = time.process_time()
    for one in made:
        began = time.perf_counter()
        imported = import_bulletin(
            one.data, name=one.name, at=AT, origin=Version.Origin.IMPORT, category="Generated"
        )
        between = time.perf_counter()
        publish(version=imported.version, effective_from=one.effective, by=None, at=AT)
        imports.append(between - began)
        publications.append(time.perf_counter() - between)
    worked = time.process_time() - worked
    total = sum(imports) + sum(publications)
    per_thousand = total / len(made) * 1000
    return [
        Row("importing a bulletin", Times(tuple(imports)), note="each, with its reading"),
        Row("publishing a bulletin", Times(tuple(publications)), note="each"),
        Row(
            "1,000 bulletins, searchable",
            value=f"{per_thousand:.0f} s",
            bar="<= 60 s",
            is_met=per_thousand <= 60,
            note=f"{len(made) / total:.1f} a second; {worked / total:.0%} of the time is Python's",
        ),
    ]
