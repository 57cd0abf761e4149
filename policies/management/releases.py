"""What the commands that load releases show: a bar while it goes on, then what it brought."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import OutputWrapper
from tqdm import tqdm

from policies.imports.brought import brought
from policies.imports.code_files import CodeFile, NotUnderstood
from policies.imports.code_sets import Progress
from policies.models import Release

_SHOWN = 20
_LINE = 100


@contextmanager
def bar() -> Iterator[Progress]:
    """A bar on a terminal, nothing elsewhere."""
    with tqdm(unit="code", disable=None, leave=False) as shown:

        def progress(done: int, of: int) -> None:
            shown.total = of
            shown.update(done - shown.n)

        yield progress


def tell(out: OutputWrapper, release: Release, file: CodeFile[Any]) -> None:
    """The counts, the remarks of the reader and the lines that it did not understand."""
    counts = brought(release)
    out.write(
        f"{release} is loaded, valid from {release.valid_from}: {counts.new:,} new,"
        f" {counts.ended:,} ended, {counts.revised:,} revised, {counts.unchanged:,} unchanged."
    )
    for remark in file.remarks:
        out.write(remark)
    tell_not_understood(out, file.not_understood)


def tell_not_understood(out: OutputWrapper, lines: Iterable[NotUnderstood]) -> None:
    all_of_them = list(lines)
    out.write(f"Not understood: {len(all_of_them):,}")
    for one in all_of_them[:_SHOWN]:
        text = one.text if len(one.text) <= _LINE else f"{one.text[: _LINE - 1]}…"
        out.write(f"  line {one.number}: {one.reason}: {text}")
    if len(all_of_them) > _SHOWN:
        out.write(f"  … and {len(all_of_them) - _SHOWN:,} more; the release's page lists them.")
