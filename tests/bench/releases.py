"""Releases of the three code systems, as large as the real ones, loaded by the site's own code."""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

from policies.imports.code_sets import CodeLine, load_codes
from policies.models import Code
from tests.bench.code_sets import DIAGNOSES, PROCEDURES, SUPPLIES, made_codes
from tests.bench.report import Row

AT = datetime(2025, 1, 15, 12, tzinfo=UTC)
VALID_FROM = date(2023, 10, 1)


def release_rows(*, every: int = 1) -> list[Row]:
    """Load them; the time and the peak of memory are those of the diagnoses, the largest."""
    load(SUPPLIES, every=every)
    load(PROCEDURES, every=every)
    forget_peak()
    began, worked = time.perf_counter(), time.process_time()
    load(DIAGNOSES, every=every)
    elapsed, peak = time.perf_counter() - began, peak_megabytes()
    worked = time.process_time() - worked
    count = Code.objects.filter(system=DIAGNOSES).count()
    subject = f"a release of {count:,} diagnoses"
    is_whole = every == 1
    return [
        Row(
            subject,
            value=f"{elapsed:.1f} s",
            bar="<= 10 s",
            is_met=elapsed <= 10 if is_whole else None,
            note=f"{worked:.1f} s CPU of this process"
            if is_whole
            else "cut short: says nothing of the bar",
        ),
        Row(
            "  memory of the whole process",
            value=f"{peak:.0f} MB" if peak else "not measured",
            bar="<= 300 MB",
            is_met=peak <= 300 if peak and is_whole else None,
        ),
    ]


def load(system: str, *, every: int) -> None:
    load_codes(
        lines(system, every),
        system=system,
        release_name="Generated",
        valid_from=VALID_FROM,
        source="tests.bench",
        sha256=sha256(system.encode()).hexdigest(),
        at=AT,
    )


def lines(system: str, every: int) -> Iterator[CodeLine]:
    for one in made_codes(system, every=every):
        yield CodeLine(system, one.display, one.description, "", one.is_billable)


def forget_peak() -> None:
    """Let the kernel count the peak anew; other systems than Linux have no such file."""
    mark = Path("/proc/self/clear_refs")
    if mark.exists():
        mark.write_text("5")


def peak_megabytes() -> float | None:
    status = Path("/proc/self/status")
    if not status.exists():
        return None
    stated = dict(line.split(":", 1) for line in status.read_text().splitlines())
    return int(stated["VmHWM"].split()[0]) / 1024
