"""One box: an exact code, the beginning of a code, a bulletin's number, then words.

Words are looked for in titles, headings and passages of versions in effect or undated; policy text
comes before background. Snippets are made only for the passages shown.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank, SearchVector
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from policies.models import Bulletin, Code, CodeSpan, Passage, Section, System, Version
from policies.models.code_sets import SLUGS
from policies.reading import codes
from policies.spelling import corrected, read_code

LONGEST = 200  # characters of a question
SHOWN = 20
_RANKED = 1000  # of the passages that match, so many are compared
_BEHIND = ("background", "appendix", "references", "codes")
_START, _STOP = "\ue000", "\ue001"  # stand for the tags until the text is escaped
_MARKED = re.compile(f"{_START}([^{_START}{_STOP}]*){_STOP}")
_CODE_START = re.compile(r"[A-Z]?\d[0-9A-Z]{1,6}")
_NUMBER = re.compile(r"\d{1,5}[A-Za-z]?")
_BETWEEN = re.compile(r"(?<=\w)[/-](?=\w)")  # the vectors part words there
_NOT_TYPED = re.compile(r"[\x00-\x1f\x7f\ue000\ue001]+")


@dataclass(frozen=True, slots=True)
class CodeFound:
    """A code of a loaded release, or one that only a bulletin names (no descriptor then)."""

    system: str
    key: str
    display: str
    descriptor: str

    def get_absolute_url(self) -> str:
        return reverse("policies:code_detail", args=[SLUGS[self.system], self.display])


@dataclass(frozen=True, slots=True)
class PassageFound:
    """A heading or a passage; `snippet` is safe HTML with the words in <mark>."""

    version: Version
    anchor: str
    heading: str
    snippet: SafeString
    is_heading: bool
    is_background: bool

    def get_absolute_url(self) -> str:
        return f"{self.version.get_absolute_url()}#{self.anchor}"


@dataclass(frozen=True, slots=True)
class Results:
    """`corrected_to`: the words looked for instead; `is_any_word`: not all of them were found."""

    words: str
    code: CodeFound | None = None
    codes: tuple[CodeFound, ...] = ()
    bulletins: tuple[Bulletin, ...] = ()
    passages: tuple[PassageFound, ...] = ()
    corrected_to: str | None = None
    is_any_word: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.code or self.codes or self.bulletins or self.passages)


def search(words: str, *, on: date) -> Results:
    """What the library holds under these words on a day."""
    asked = " ".join(_NOT_TYPED.sub(" ", words).split())[:LONGEST]
    if not asked:
        return Results("")
    found = _codes(asked, on)
    code = next((one for one in found if one.key == read_code(asked).key), None)
    others = tuple(one for one in found if one is not code)
    numbered = _numbered(asked)
    bulletins, passages = _by_words(
        SearchQuery(_BETWEEN.sub(" ", asked), config="english", search_type="websearch"), on
    )
    if found or numbered or bulletins or passages:
        return Results(asked, code, others, _once([*numbered, *bulletins]), passages)
    return _by_other_words(asked, on)


def _by_other_words(asked: str, on: date) -> Results:
    """The words corrected; where that finds nothing either, passages with any of them."""
    mended = corrected(asked)
    words = mended or asked
    for joined in (words, " or ".join(words.split())):
        query = SearchQuery(joined, config="english", search_type="websearch")
        bulletins, passages = _by_words(query, on)
        if bulletins or passages:
            return Results(
                asked,
                bulletins=tuple(bulletins),
                passages=passages,
                corrected_to=mended,
                is_any_word=joined != words,
            )
    return Results(asked)


def _codes(asked: str, on: date) -> list[CodeFound]:
    key = read_code(asked).key
    if not _CODE_START.fullmatch(key) or " " in asked.strip():
        return []
    stored = Code.objects.below(key).filter(system__in=System.values).valid(on)
    known = stored.prefetch_related("descriptors").order_by("key", "system")[:SHOWN]
    found = [CodeFound(one.system, one.key, one.display, _descriptor(one)) for one in known]
    return found or [
        CodeFound(system, codes.normalise(low), low, "")
        for system, low in CodeSpan.objects.filter(
            system__in=System.values, lower__gte=key, lower__lt=f"{key}~", version__in=_live(on)
        )
        .order_by("low", "system")
        .values_list("system", "low")
        .distinct()[:SHOWN]
    ]


def _descriptor(code: Code) -> str:
    newest = code.descriptors.all()[:1]
    return str(newest[0]) if newest else ""


def _numbered(asked: str) -> list[Bulletin]:
    """Bulletins whose number begins so, with its leading zeros or without."""
    if not _NUMBER.fullmatch(asked):
        return []
    begins = Q(number__istartswith=asked) | Q(number__iregex=f"^0*{asked.lstrip('0') or '0'}")
    return list(_published().filter(begins)[:SHOWN])


def _by_words(query: SearchQuery, on: date) -> tuple[list[Bulletin], tuple[PassageFound, ...]]:
    found = [*_headings(query, on), *_passages(query, on)]
    found.sort(key=lambda one: one.is_background)  # stable: headings stay above passages
    return _titled(query), tuple(found[:SHOWN])


def _published() -> QuerySet[Bulletin]:
    return Bulletin.objects.filter(pk__in=Version.objects.published().values("bulletin"))


def _titled(query: SearchQuery) -> list[Bulletin]:
    vector = SearchVector("title", config="english")
    titled = _published().annotate(words=vector, rank=SearchRank(vector, query))
    return list(titled.filter(words=query).order_by("-rank", "number")[:SHOWN])


def _headings(query: SearchQuery, on: date) -> list[PassageFound]:
    matched = Section.objects.filter(search=query, version__in=_live(on)).annotate(
        is_behind=_is_behind(""), rank=SearchRank(F("search"), query)
    )
    shown = (
        matched.annotate(marked=_headline("heading", query, highlight_all=True))
        .select_related("version__bulletin")
        .defer("version__content", "version__source_bytes", "search")
        .order_by("is_behind", "-rank", "pk")[: SHOWN // 2]
    )
    return [
        PassageFound(
            one.version, one.anchor, one.heading, _safe(one.marked), True, bool(one.is_behind)
        )
        for one in shown
    ]


def _passages(query: SearchQuery, on: date) -> list[PassageFound]:
    matched = Passage.objects.filter(search=query, version__in=_live(on)).order_by()
    ranked = (
        Passage.objects.filter(pk__in=matched.values("pk")[:_RANKED])
        .annotate(is_behind=_is_behind("section__"), rank=SearchRank(F("search"), query))
        .order_by("is_behind", "-rank", "pk")
        .values_list("pk", "is_behind")[:SHOWN]
    )
    order = dict(ranked)
    shown = (
        Passage.objects.filter(pk__in=order)
        .annotate(marked=_headline("text", query, max_fragments=2, max_words=30, min_words=12))
        .select_related("section", "version__bulletin")
        .defer("version__content", "version__source_bytes", "search", "section__search")
        .in_bulk()
    )
    return [
        PassageFound(
            shown[pk].version,
            shown[pk].anchor,
            shown[pk].section.heading,
            _safe(shown[pk].marked),
            False,
            bool(is_behind),
        )
        for pk, is_behind in order.items()
    ]


def _live(on: date) -> QuerySet[Version, int]:
    live = Version.objects.in_effect(on) | Version.objects.undated()
    return live.order_by().values_list("pk", flat=True)


def _is_behind(path: str) -> Case:
    """1 for background, references and the like, and for what stands under them; else 0."""
    behind = Q(**{f"{path}kind__in": _BEHIND}) | Q(**{f"{path}parent__kind__in": _BEHIND})
    return Case(When(behind, then=Value(1)), default=Value(0))


def _headline(field: str, query: SearchQuery, **options: Any) -> SearchHeadline:
    return SearchHeadline(
        field, query, config="english", start_sel=_START, stop_sel=_STOP, **options
    )


def _safe(marked: str) -> SafeString:
    """Escape the text first, then mark the words, so that nothing in it can become a tag."""
    tagged = _MARKED.sub(r"<mark>\1</mark>", escape(marked))
    return mark_safe(tagged.replace(_START, "").replace(_STOP, ""))  # noqa: S308


def _once(bulletins: Iterable[Bulletin]) -> tuple[Bulletin, ...]:
    return tuple({one.pk: one for one in bulletins}.values())
