"""A whole comparison, in the order in which it is read."""

from collections.abc import Iterable, Iterator, Sequence

from policies.comparison.editions import Edition, Heading
from policies.comparison.effects import Change, Effect
from policies.comparison.pairing import pair_headings
from policies.comparison.parts import CODES, FACTS, CodeTable, Comparison, Fact, Part
from policies.comparison.statements import Row, Statements
from policies.comparison.tables import compare_tables
from policies.comparison.words import redline, words_of
from policies.models import LineOfBusiness


def compare(before: Edition, after: Edition) -> Comparison:
    """Compare two versions of one bulletin. Pure: the same editions give the same answer."""
    facts = tuple(_facts(before, after))
    whole = Part(FACTS, "The version as a whole", "", "kept", "facts", facts=facts)
    parts = [whole] if facts else []
    text = list(_parts(before, after))
    place = next(
        (at for at, part in enumerate(text) if part.kind in ("background", "references")), len(text)
    )
    parts += [*text[:place], _codes(before, after), *text[place:]]
    return Comparison(before, after, tuple(part.keyed() for part in parts))


def _parts(before: Edition, after: Edition) -> Iterator[Part]:
    """The sections of the newer version; one that is gone stands where it stood."""
    sections = pair_headings(before.headings, after.headings)
    back = {new: old for old, new in sections.items()}
    rows = Statements(before, after).rows()
    position = {
        "old": {one.anchor: one.position for one in before.statements},
        "new": {one.anchor: one.position for one in after.statements},
    }
    here: dict[int, list[Row]] = {}
    gone: dict[int, list[Row]] = {}
    for row in rows:
        old_section = row.old_section if row.old_section is not None else -1
        section = row.section if row.section is not None else sections.get(old_section)
        if section is not None:
            here.setdefault(section, []).append(row)
        else:
            gone.setdefault(old_section, []).append(row)
    told: set[int] = set()
    for place, heading in enumerate(after.headings):
        old = back.get(place)
        for missing in range(old or 0):
            if missing not in sections and missing not in told:
                told.add(missing)
                yield from _gone(before.headings[missing], gone.get(missing, []))
        yield from _part(
            heading,
            before.headings[old] if old is not None else None,
            _in_order(here.get(place, []), position["old"], position["new"]),
        )
    for missing, heading in enumerate(before.headings):
        if missing not in sections and missing not in told:
            yield from _gone(heading, gone.get(missing, []))


def _in_order(rows: Sequence[Row], old: dict[str, int], new: dict[str, int]) -> tuple[Row, ...]:
    """In the newer order; what is gone follows what stood before it."""
    present = sorted((row for row in rows if row.anchors[1]), key=lambda row: new[row.anchors[1]])
    placed = list(present)
    missing = [row for row in rows if not row.anchors[1]]
    for row in sorted(missing, key=lambda row: old[row.anchors[0]], reverse=True):
        at = old[row.anchors[0]]
        earlier = [
            place
            for place, one in enumerate(placed)
            if one.anchors[1]
            and one.anchors[0]
            and one.fate != "moved"
            and old[one.anchors[0]] < at
        ]
        placed.insert(earlier[-1] + 1 if earlier else 0, row)
    return tuple(placed)


def _part(heading: Heading, old: Heading | None, rows: tuple[Row, ...]) -> Iterator[Part]:
    own: list[Change] = []
    if old is None and not rows:
        own.append(Change(_effect(heading), "a heading was added"))
    elif old is not None and words_of(old.text) != words_of(heading.text):
        own.append(Change(_effect(heading), f"the heading was “{old.text.rstrip(' :')}”"))
    if not rows and not own:
        return
    was = old.title if old is not None and old.title != heading.title else ""
    fate = "new" if old is None else "kept"
    yield Part(heading.anchor, heading.title, was, fate, heading.kind, rows=rows, own=tuple(own))


def _gone(heading: Heading, rows: Sequence[Row]) -> Iterator[Part]:
    own = () if rows else (Change(_effect(heading), "a heading is gone"),)
    anchor = f"{heading.anchor}-gone"
    yield Part(anchor, heading.title, "", "gone", heading.kind, rows=tuple(rows), own=own)


def _effect(heading: Heading) -> Effect:
    return Effect.EDITORIAL if heading.reason else Effect.READ


def _codes(before: Edition, after: Edition) -> Part:
    lines, own = compare_tables(before.document, after.document)
    keys = dict.fromkeys(
        (group.scope or "", group.heading.rstrip(" :"))
        for document in (after.document, before.document)
        for group in document.code_groups
    )
    tables = []
    for scope, heading in keys:
        mine = [one for one in lines if (one.scope, one.heading) == (scope, heading)]
        if mine:
            changed = tuple(one for one in mine if one.changes)
            kept = tuple(one for one in mine if not one.changes)
            tables.append(CodeTable(heading, scope, changed, kept))
    return Part(CODES, "Codes", "", "kept", "codes", tables=tuple(tables), own=tuple(own))


def _facts(before: Edition, after: Edition) -> Iterator[Fact]:
    scope = Effect.SCOPE
    yield from _fact("Title", before.title, after.title, Change(Effect.READ, "the title changed"))
    yield from _fact(
        "Lines of business",
        _lines_of_business(before.lines_of_business),
        _lines_of_business(after.lines_of_business),
        Change(scope, "it applies to other lines of business"),
    )
    yield from _fact(
        "Jurisdictions",
        ", ".join(sorted(before.jurisdictions)) or "all",
        ", ".join(sorted(after.jurisdictions)) or "all",
        Change(scope, "it applies in other jurisdictions"),
    )
    yield from _fact(
        "Legend of the codes",
        "\n".join(before.document.legends) or "none",
        "\n".join(after.document.legends) or "none",
        Change(Effect.READ, "the legend changed"),
    )
    names = ("Last review", "Next review")
    for name, old, new in zip(names, before.reviews, after.reviews, strict=True):
        days = [one.isoformat() if one else "not stated" for one in (old, new)]
        yield from _fact(
            name, days[0], days[1], Change(Effect.EDITORIAL, "only a date of review changed")
        )


def _fact(name: str, before: str, after: str, change: Change) -> Iterator[Fact]:
    if before.split() == after.split():
        return
    if words_of(before) == words_of(after):
        change = Change(Effect.EDITORIAL, "only white space or punctuation changed")
    yield Fact(name, before, after, redline(before, after), change)


def _lines_of_business(values: Iterable[str]) -> str:
    return "; ".join(sorted(LineOfBusiness(one).label for one in values)) or "all"
