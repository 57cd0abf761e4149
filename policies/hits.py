"""The places in code tables that name a code: one wide row each, read without building models.

A code can have hundreds of hits, and a list shows of each no more than its row says; the models
behind it are built where they are asked for.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property, lru_cache
from typing import Any, NamedTuple

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, F, Q, QuerySet, TextField

from policies.models import Bulletin, CodeGroup, CodeRow, CodeSpan, Publication, System, Version
from policies.models.code_tables import COVER, printed
from policies.prepared import AnyOf, Prepared, Row, Slot, partly
from policies.reading import codes, document
from policies.reading.codes import Membership
from policies.resolver import period

Spans = QuerySet[CodeSpan, tuple[Any, ...]]


class Facts(NamedTuple):
    """What is read of a hit, of a hundred columns; `_COLUMNS` names where each stands."""

    span_id: int
    position: int
    system: str
    low: str
    high: str
    is_add_on: bool
    has_seventh_character: bool
    row_id: int
    row_position: int
    description: str
    full_description: str
    brackets: list[str]
    group_id: int
    heading: str
    stance: str
    scope: str
    is_open_list: bool
    version_id: int
    ordinal: int
    title: str
    content_hash: str
    bulletin_id: int
    number: str
    bulletin_title: str
    effective_basis: str
    publication_id: int | None  # of a version that is not published
    effective_from: date | None
    ended_on: date | None


_COLUMNS = (
    "pk", "position", "system", "low", "high", "is_add_on", "has_seventh_character",
    "row_id", "row__position", "row__description", "row__full_description", "row__brackets",
    "row__group_id", "row__group__heading", "row__group__stance", "row__group__scope",
    "row__group__is_open_list",
    "version_id", "version__ordinal", "version__title", "version__content_hash",
    "version__bulletin_id", "version__bulletin__number", "version__bulletin__title",
    "version__bulletin__effective_basis",
    "version__publication__pk", "version__publication__effective_from",
    "version__publication__ended_on",
)  # fmt: skip
_ORDER = ("version__bulletin__number", "version__ordinal", "position")
TEXTS, KEYS = ArrayField(TextField()), ArrayField(BigIntegerField())


@dataclass(frozen=True)
class Hit:
    """A place in a version's code table that names the code; `asked` is the code's display.

    The models hold the columns of `facts`; whatever else is asked of them is read on its own.
    """

    facts: Facts
    membership: Membership
    asked: str

    @cached_property
    def version(self) -> Version:
        said = self.facts
        version = partly(
            Version,
            id=said.version_id,
            bulletin_id=said.bulletin_id,
            ordinal=said.ordinal,
            title=said.title,
            content_hash=said.content_hash,
        )
        version.bulletin = partly(
            Bulletin,
            id=said.bulletin_id,
            number=said.number,
            title=said.bulletin_title,
            effective_basis=said.effective_basis,
        )
        if said.publication_id is not None:
            version.publication = partly(
                Publication,
                id=said.publication_id,
                version_id=said.version_id,
                effective_from=said.effective_from,
                ended_on=said.ended_on,
            )
        return version

    @cached_property
    def group(self) -> CodeGroup:
        said = self.facts
        return partly(
            CodeGroup,
            id=said.group_id,
            version_id=said.version_id,
            heading=said.heading,
            stance=said.stance,
            scope=said.scope,
            is_open_list=said.is_open_list,
        )

    @cached_property
    def row(self) -> CodeRow:
        said = self.facts
        return partly(
            CodeRow,
            id=said.row_id,
            version_id=said.version_id,
            group_id=said.group_id,
            position=said.row_position,
            description=said.description,
            full_description=said.full_description,
            brackets=said.brackets,
        )

    @cached_property
    def span(self) -> CodeSpan:
        said = self.facts
        return partly(
            CodeSpan,
            id=said.span_id,
            version_id=said.version_id,
            row_id=said.row_id,
            position=said.position,
            system=said.system,
            low=said.low,
            high=said.high,
            is_add_on=said.is_add_on,
            has_seventh_character=said.has_seventh_character,
        )

    @property
    def printed(self) -> str:
        """The span as its table shows it."""
        said = self.facts
        return printed(said.low, said.high, said.is_add_on, said.has_seventh_character)

    @property
    def sentence(self) -> str:
        """How it matched: "exact code", "in range S00.00X+ - T88.9XX+"."""
        if self.membership is Membership.EXACT:
            return "exact code"
        if self.membership is Membership.PARTLY:
            return f"partly inside {self.printed}"
        is_range = self.facts.low != self.facts.high
        return f"in range {self.printed}" if is_range else f"under {self.printed}"

    @property
    def standing(self) -> str:
        """When the version is in effect: "is in effect from 2026-01-01"."""
        return period(self.version.publication)


def spans_of(keys: Sequence[str], systems: Sequence[str]) -> Spans:
    """Spans of published versions that may hold one of the keys, with what is shown of them."""
    spans = CodeSpan.objects.naming(*keys).filter(system__in=systems)
    return wide(spans.filter(version__status=Version.Status.PUBLISHED))


def hits_naming(key: str, systems: Sequence[str]) -> list[Hit]:
    """Every place in a published version that names the key in one of the systems. Two queries."""
    return hits_of(key, rows_naming([key], systems))


def rows_naming(
    keys: Sequence[str], systems: Sequence[str], *, versions: Collection[int] | None = None
) -> list[Row]:
    """As `spans_of`, of all published versions or of some of them; the SQL is written once.

    Two queries: how a code is best found depends on the code, and is planned at each asking; what
    is shown of the spans is always read alike, by a plan that the database keeps.
    """
    possible = {system for key in keys for system in codes.systems_of(key)}
    wanted = sorted(possible.intersection(systems))
    if not wanted:
        return []
    prefixes = {key[:length] for key in keys for length in range(1, len(key) + 1)}
    reaches = {}
    for at, key in enumerate(keys):
        reaches[f"low_{at}"], reaches[f"high_{at}"] = codes.reach(key)
    among = {} if versions is None else {"versions": list(versions)}
    query = _naming(len(keys), is_of_some=versions is not None)
    named = query.ask(prefixes=sorted(prefixes), systems=wanted, **reaches, **among)
    return _shown().ask(spans=[pk for (pk,) in named]) if named else []


@lru_cache(maxsize=64)
def _naming(keys: int, *, is_of_some: bool) -> Prepared:
    """The query of `CodeSpan.objects.naming()` for so many keys."""
    named = Q(cover__overlap=Slot("prefixes", TEXTS))
    for at in range(keys):
        reach = Slot(f"low_{at}", TextField()), Slot(f"high_{at}", TextField())
        named |= Q(lower__range=reach) | Q(upper__range=reach)
    spans = CodeSpan.objects.alias(cover=COVER).filter(named)
    spans = spans.filter(AnyOf(F("system"), Slot("systems", TEXTS)))
    if is_of_some:
        spans = spans.filter(AnyOf(F("version_id"), Slot("versions", KEYS)))
    return Prepared(spans.order_by().values_list("pk"), keeps_plan=False)


@cache
def _shown() -> Prepared:
    spans = CodeSpan.objects.filter(AnyOf(F("pk"), Slot("spans", KEYS)))
    return Prepared(wide(spans.filter(version__status=Version.Status.PUBLISHED)))


def wide(spans: QuerySet[CodeSpan]) -> Spans:
    """One row of columns for each, as `hits_of` reads them."""
    return spans.order_by(*_ORDER).values_list(*_COLUMNS)


def hits_of(key: str, spans: Iterable[tuple[Any, ...]], *, asked: str = "") -> list[Hit]:
    """Those of the spans that hold the key. `asked`: how it is shown, where not as a code."""
    systems = codes.systems_of(key)
    made = []
    for facts in map(Facts._make, spans):
        if facts.system not in systems:
            continue
        membership = _membership(
            key, facts.low, facts.high, facts.is_add_on, facts.has_seventh_character
        )
        if membership is not Membership.OUTSIDE:
            made.append(Hit(facts, membership, asked or displayed(key, (facts.system,))))
    return made


def displayed(key: str, systems: Sequence[str]) -> str:
    """A key as it is shown where it can only be a code of these systems."""
    return codes.dotted(key) if tuple(systems) == (System.ICD_10_CM,) else key


@lru_cache(maxsize=8_192)
def _membership(key: str, *printed: Any) -> Membership:
    """A code that is looked up is looked up again."""
    return codes.membership(key, document.CodeSpan(*printed))
