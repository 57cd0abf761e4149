"""What the commands that load releases take and show: a bar, then what the file brought."""

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import OutputWrapper
from tqdm import tqdm

from policies.imports.brought import brought
from policies.imports.code_files import CodeFile, NotUnderstood
from policies.imports.code_sets import Progress
from policies.management.arguments import day
from policies.models import Release

_SHOWN = 20
_LINE = 100


def add_arguments(parser: ArgumentParser, *, named: str) -> None:
    """The file and what a person knows of it; `named`: an example of a name."""
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--name", required=True, help=f"as its publisher names it: “{named}”")
    parser.add_argument(
        "--valid-from", required=True, type=day, metavar="DATE", help="its first day"
    )
    parser.add_argument(
        "--accept",
        action="store_true",
        help="load it although more than 1 %% of its lines are not understood and left out",
    )


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
