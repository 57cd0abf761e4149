"""An answer as the rows of its page: the matrix, and each bulletin once with what it names."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from policies.answers import Answer, Follows, LineAnswer, Said, Value
from policies.answers.model import AskedCode, BulletinAnswer, PairAnswer
from policies.exports import safe_cells
from policies.hits import Hit
from policies.resolver import Governing
from policies.templatetags.marks import stance
from policies.views.places import row_id

AUTHORIZATION = {
    Value.YES: "Prior authorization",
    Value.NO: "Not required",
    Value.CONDITIONAL: "It depends",
    Value.NOTIFICATION: "Notification",
}
DOCUMENTATION = {Value.YES: "Asked for"}
COLUMNS = (
    "code", "descriptor", "diagnosis", "coverage", "coverage_sentence", "authorization",
    "authorization_sentence", "documentation", "documentation_sentence", "bulletins",
    "contradictions",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the matrix; the cells are of its stances and of each diagnosis."""

    line: LineAnswer
    stances: SafeString
    cells: tuple[SafeString, ...]
    authorization: str
    documentation: str
    beside: tuple[tuple[AskedCode, Said], ...]  # coverage with each of several diagnoses


@dataclass(frozen=True, slots=True)
class Bulletin:
    """A bulletin once, with every row of it that names a code of the question."""

    governing: Governing
    hits: tuple[Hit, ...]

    @property
    def near(self) -> tuple[str, ...]:
        return tuple(
            one.sentence[:1].upper() + one.sentence[1:] for one in self.governing.untold_misses[:2]
        )

    @property
    def version(self) -> object:
        return self.governing.version or self.hits[0].version


@dataclass(frozen=True, slots=True)
class Shown:
    rows: tuple[Row, ...]
    bulletins: tuple[Bulletin, ...]


def shown(answer: Answer) -> Shown:
    rows = tuple(
        Row(
            line=line,
            stances=_stances(line),
            beside=_beside(answer, line),
            cells=tuple(_cell(line, number) for number in range(len(answer.diagnoses))),
            authorization=AUTHORIZATION.get(
                line.authorization.value, line.authorization.value.label
            ),
            documentation=DOCUMENTATION.get(
                line.documentation.value, line.documentation.value.label
            ),
        )
        for line in answer.lines
    )
    return Shown(rows, _bulletins(answer))


def _beside(answer: Answer, line: LineAnswer) -> tuple[tuple[AskedCode, Said], ...]:
    """Empty where the line's own answer says it already."""
    if len(answer.diagnoses) < 2 or not line.bulletins:
        return ()
    return tuple(zip(answer.diagnoses, line.by_diagnosis, strict=True))


def answer_csv(answer: Answer) -> str:
    """A row for every line beside every diagnosis, or for every line."""
    file = io.StringIO()
    write = csv.writer(file).writerow
    write(COLUMNS)
    for line in answer.lines:
        beside = list(zip(answer.diagnoses, line.by_diagnosis, strict=True))
        for display, said in [(code.display, said) for code, said in beside] or [
            ("", line.coverage)
        ]:
            write(safe_cells(_cells(line, display, said)))
    return file.getvalue()


def _cells(line: LineAnswer, diagnosis: str, said: Said) -> list[object]:
    named = [
        f"{one.governing.bulletin.number} v{one.version.ordinal}"
        + ("" if one.governs else " (may govern)")
        for one in line.bulletins
    ]
    return [
        line.code.display, line.code.descriptor, diagnosis, said.value, said.sentence,
        line.authorization.value, line.authorization.sentence, line.documentation.value,
        line.documentation.sentence, "; ".join(named),
        " ".join(one.sentence for one in line.contradictions),
    ]  # fmt: skip


def _stances(line: LineAnswer) -> SafeString:
    """Each stance of the line once, with the bulletins that take it."""
    parts: dict[str, dict[str, SafeString]] = {}
    for bulletin in line.bulletins:
        for hit in bulletin.hits:
            parts.setdefault(hit.facts.stance, {}).setdefault(
                bulletin.governing.bulletin.number, _link(bulletin, hit)
            )
    return _marks(parts) if parts else stance("not_named")


def _cell(line: LineAnswer, number: int) -> SafeString:
    """What follows for the pair, with the bulletins that say it. Those that do not name the
    diagnosis are told only where none does."""
    parts: dict[str, dict[str, SafeString]] = {}
    pairs = [(one, one.pairs[number]) for one in line.bulletins]
    named = [(one, pair) for one, pair in pairs if pair.follows is not Follows.NOT_NAMED]
    for bulletin, pair in named or pairs:
        parts.setdefault(pair.follows, {})[bulletin.governing.bulletin.number] = _pair_link(
            bulletin, pair
        )
    if not parts:
        return format_html('<span class="quiet">{}</span>', "no bulletin")
    return _marks(parts)


def _marks(parts: dict[str, dict[str, SafeString]]) -> SafeString:
    return format_html_join(
        "",
        '<span class="verdict">{} <span class="n">{}</span></span>',
        ((stance(value), format_html_join(", ", "{}", ((one,) for one in links.values())))
         for value, links in parts.items()),
    )  # fmt: skip


def _link(bulletin: BulletinAnswer, hit: Hit) -> SafeString:
    address = f"{hit.version.get_absolute_url()}#{row_id(hit.facts.row_position)}"
    notes = " ".join(f"[{note}]" for note in hit.facts.brackets)
    return _numbered(bulletin, address, notes)


def _pair_link(bulletin: BulletinAnswer, pair: PairAnswer) -> SafeString:
    hit = pair.hits[0] if pair.hits else bulletin.hits[0]
    address = f"{hit.version.get_absolute_url()}#{row_id(hit.facts.row_position)}"
    notes = [note for one in (*bulletin.hits, *pair.hits) for note in one.facts.brackets]
    return _numbered(bulletin, address, " ".join(f"[{note}]" for note in dict.fromkeys(notes)))


def _numbered(bulletin: BulletinAnswer, address: str, notes: str) -> SafeString:
    """The bulletin's number; what narrows the stance stands in its title and is marked."""
    number = bulletin.governing.bulletin.number
    mark = "" if bulletin.governs else "?"
    said = ", with brackets" if notes else ""
    more = ", may govern" if mark else ""
    return format_html(
        '<a class="plain" href="{}" title="{}">{}{}{}<span class="said">{}{}</span></a>',
        address, notes, number, "*" if notes else "", mark, said, more,
    )  # fmt: skip


def _bulletins(answer: Answer) -> tuple[Bulletin, ...]:
    governing: dict[str, Governing] = {}
    hits: dict[str, dict[tuple[str, int], Hit]] = {}
    for line in answer.lines:
        for one in line.bulletins:
            number = one.governing.bulletin.number
            governing[number] = one.governing
            named: Sequence[Hit] = [*one.hits, *(hit for pair in one.pairs for hit in pair.hits)]
            for hit in named:
                hits.setdefault(number, {})[hit.asked, hit.facts.span_id] = hit
    return tuple(Bulletin(governing[one], _in_order(hits[one])) for one in sorted(governing))


def _in_order(hits: dict[tuple[str, int], Hit]) -> tuple[Hit, ...]:
    return tuple(sorted(hits.values(), key=lambda hit: (hit.facts.row_position, hit.asked)))
