"""What a line of a source became, in the words and marks of the parse review."""

from collections.abc import Mapping
from dataclasses import dataclass

from policies.models import Rule
from policies.reading.document import CodeSpan, Criterion
from policies.reading.places import Place

_SHORT = 150  # characters: the whole stands beside it
_KINDS = {
    "title": "Title",
    "number": "Number",
    "date": "Date",
    "contents": "Contents list",
    "history": "Policy history",
    "section": "Section",
    "reference": "Reference",
    "legend": "Legend of the table",
    "scope": "Subject of the codes below",
    "group": "Group of codes",
    "caption": "Caption of the table",
    "signs": "A mark without words",
}
_BLOCKS = {"paragraph": "Paragraph", "note": "Note", "item": "Item"}
_SECTIONS = {"other": "free heading", "medical_necessity": "medical necessity"}


@dataclass(frozen=True, slots=True)
class Became:
    """One place, ready to be shown. Empty fields are not shown."""

    css: str
    what: str
    text: str = ""
    label: str = ""  # of a criterion or section, as in print
    depth: int = 0
    anchor: str = ""
    rule: str = ""
    codes: tuple[str, ...] = ()
    full_text: str = ""  # of a description that continues one above
    stance: str = ""
    notes: str = ""


def became(place: Place, dates: Mapping[str, str]) -> Became:
    """The place of a line. `dates`: those that the reading states, by words."""
    if place.row and place.group:
        return _row(place)
    if place.kind == "group" and place.group:
        return _group(place)
    if place.kind == "section" and place.section:
        return _section(place)
    if place.kind == "passage" and place.block:
        return _passage(place)
    if place.kind in ("date", "history"):
        stated = [f"{name} {day}" for name, day in dates.items() if day and _states(place, name)]
        return Became(place.kind, _KINDS[place.kind], ", ".join(stated), anchor=place.anchor)
    label = place.block.label if place.block and place.kind == "reference" else ""
    text = _short(place.text) if place.kind in ("title", "number", "scope", "reference") else ""
    return Became(place.kind, _KINDS[place.kind], text, label, anchor=place.anchor)


def _row(place: Place) -> Became:
    row, group = place.row, place.group
    assert row is not None
    assert group is not None
    full = row.full_description if row.full_description != row.description else ""
    return Became(
        "row",
        "Service without a code" if row.service_without_code else "",
        _short(row.description) if row.description else "no description",
        codes=tuple(printed(span) for span in row.codes),
        full_text=_short(full),
        stance=group.stance,
    )


def _group(place: Place) -> Became:
    group = place.group
    assert group is not None
    count = len(group.rows)
    notes = [group.system, f"{count} row{'' if count == 1 else 's'}"]
    notes += ["open list"] if group.open_list else []
    return Became("group", _KINDS["group"], stance=group.stance, notes=", ".join(notes))


def _section(place: Place) -> Became:
    section = place.section
    assert section is not None
    kind = _SECTIONS.get(section.kind, section.kind.replace("_", " "))
    return Became(
        "section",
        kind.capitalize(),
        section.heading,
        section.label,
        anchor=section.anchor,
        rule=_rule(place.criterion),
    )


def _passage(place: Place) -> Became:
    block = place.block
    assert block is not None
    # A paragraph that introduces a list carries the list's rule under its own anchor.
    is_criterion = place.criterion is not None
    return Became(
        "criterion" if is_criterion else "passage",
        "Criterion" if is_criterion else _BLOCKS.get(block.kind, "Paragraph"),
        _short(block.text),
        block.label,
        block.depth,
        block.anchor,
        _rule(place.criterion),
    )


def _rule(criterion: Criterion | None) -> str:
    if criterion is None or not criterion.children:
        return ""
    if criterion.rule == Rule.AT_LEAST:
        return f"at least {criterion.at_least} of these"
    return "list without logic" if criterion.rule == Rule.LIST else Rule(criterion.rule).label


def printed(span: CodeSpan) -> str:
    """A code or range as a table shows it, with what its marks say."""
    mark = "+" if span.seventh_character else ""
    low = f"{'+ ' if span.add_on else ''}{span.low}{mark}"
    return low if span.low == span.high else f"{low} – {span.high}{mark}"


def _states(place: Place, name: str) -> bool:
    words = "".join(one for one in place.text.casefold() if one.isalpha())
    return name.replace(" ", "") in words


def _short(text: str) -> str:
    if len(text) <= _SHORT:
        return text
    return text[:_SHORT].rpartition(" ")[0] + " …"
