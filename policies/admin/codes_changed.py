"""The codes that a change adds, removes, or says something else of, as its page lists them."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from policies.comparison import Comparison
from policies.impact import Change
from policies.models import CodeSpan, Stance, Version


@dataclass(frozen=True, slots=True)
class CodesChanged:
    """Codes as printed, what becomes of them, and the stances before and after; empty: none."""

    fate: str
    codes: str
    before: str
    after: str
    subject: str


def codes_changed(change: Change, compared: Comparison | None) -> Iterator[CodesChanged]:
    """In the order of print. Where no other version is there to compare with, all of them."""
    if change.is_retirement:
        yield from _all_of(change.version, "removed")
    elif compared is None:
        yield from _all_of(change.version, "added")
    else:
        yield from _differing(compared)


def _differing(compared: Comparison) -> Iterator[CodesChanged]:
    """Lines whose words alone changed are none of them."""
    for table in (table for part in compared.parts for table in part.tables):
        for line in table.changed:
            if line.fate == "edited":
                continue
            before, after = (_words(one) for one in line.stances)
            codes = line.after or line.before
            if line.before and line.after and line.before != line.after:
                codes = f"{line.before}, now {line.after}"
            yield CodesChanged(line.fate, codes, before, after, table.scope)


def _all_of(version: Version, fate: str) -> Iterator[CodesChanged]:
    spans = CodeSpan.objects.filter(version=version).select_related("row__group")
    printed: defaultdict[tuple[int, str, str], list[str]] = defaultdict(list)
    for one in spans.order_by("position"):
        group = one.row.group
        printed[group.position, group.stance, group.scope].append(one.printed)
    for (_, stance, scope), codes in printed.items():
        words = _words(stance)
        sides = ("", words) if fate == "added" else (words, "")
        yield CodesChanged(fate, ", ".join(codes), *sides, scope)


def _words(stance: str) -> str:
    return str(Stance(stance).label) if stance else ""
