"""From what the reader has gathered to the document."""

from dataclasses import dataclass, field

from policies.reading import code_tables
from policies.reading.document import CodeGroup, Document, NotUnderstood
from policies.reading.drafts import Draft, promote_numbered_headings
from policies.reading.history import History
from policies.reading.layout import Layout
from policies.reading.lines import Line


@dataclass(slots=True)
class Findings:
    """Sections as drafts, the lines of each table of codes, dates, and what has no place."""

    history: History
    sections: list[Draft] = field(default_factory=list)
    tables: list[list[Line]] = field(default_factory=list)
    not_understood: list[NotUnderstood] = field(default_factory=list)


def assembled(number: str, title: str, findings: Findings) -> Document:
    """The document that the findings make up."""
    groups: list[CodeGroup] = []
    legends: list[str] = []
    doubts = findings.not_understood + findings.history.doubts
    for table in findings.tables:
        reading = code_tables.read(table)
        groups += reading.groups
        legends += reading.legends
        doubts += reading.not_understood
    promote_numbered_headings(findings.sections)
    layout = Layout()
    sections = tuple(layout.section(draft) for draft in findings.sections)
    doubts += layout.doubts
    dates = findings.history.dates
    return Document(
        number=number,
        title=title,
        last_review=dates.get("last_review"),
        effective=dates.get("effective"),
        next_review=dates.get("next_review"),
        sections=sections,
        criteria=tuple(layout.criteria),
        code_groups=tuple(groups),
        legends=tuple(legends),
        references=tuple(layout.references),
        not_understood=tuple(sorted(doubts, key=lambda one: one.line)),
    )
