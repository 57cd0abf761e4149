"""One box: codes by range, a bulletin's number, and words of titles, headings and passages.

Results are grouped by bulletin, so that a long one does not fill the page. Where nothing is found
the question is put in other ways, one after the other, and the results say which way found them.
"""

from dataclasses import dataclass, field, replace
from datetime import date

from django.db.models import Q

from policies.models import Bulletin
from policies.search.codes import SHOWN, Asked, CodeFound, codes_alone, codes_among
from policies.search.filters import Filters, Status
from policies.search.finding import MOST_OF_PAGE, Candidate, Found, find
from policies.search.retyped import retyped
from policies.search.shown import BulletinFound, PassageFound, VersionFound, bulletins_shown
from policies.search.typed import LONGEST, Term, Typed, listed, read_typed
from policies.search.wanted import Wanted, wanted_of
from policies.spelling import read_code
from policies.synonyms import synonyms_of

__all__ = [
    "LONGEST",
    "SHOWN",
    "Asked",
    "BulletinFound",
    "CodeFound",
    "Filters",
    "PassageFound",
    "Question",
    "Results",
    "Status",
    "VersionFound",
    "answer",
    "listed",
    "search",
]

PAGE = 10  # bulletins
_BEST = 3  # places of a bulletin
_EVERY = 200  # places, where one bulletin is asked for
_NEARLY_NOTHING = 2  # bulletins
_MOST_GROUPS = 30  # bits of a mask


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is typed, what narrows it, and which page of the answer is wanted."""

    words: str
    filters: Filters
    is_plain: bool = False  # without synonyms
    is_as_typed: bool = False  # without corrections
    within: str = ""  # the number of the only bulletin
    page: int = 1


@dataclass(frozen=True, slots=True)
class Also:
    """Words of the question, and what was looked for beside them."""

    words: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """`corrected_to`: the words looked for instead; `near`: those that may have been meant;
    `is_any_word`: not all of them stand together; `without`: filters without which as many
    bulletins would be found."""

    typed: Typed
    code: CodeFound | None = None
    codes: tuple[CodeFound, ...] = ()
    asked_codes: tuple[Asked, ...] = ()
    numbered: tuple[Bulletin, ...] = ()
    bulletins: tuple[BulletinFound, ...] = ()
    total: int = 0  # bulletins on all pages
    page: int = 1
    is_capped: bool = False
    also: tuple[Also, ...] = ()
    corrected_to: str | None = None
    near: str | None = None
    is_any_word: bool = False
    is_beside_codes: bool = False  # no bulletin that names the codes has the words; these have
    without: tuple[tuple[tuple[str, ...], int], ...] = ()
    elsewhere: int = 0  # bulletins found in versions that are not in effect

    @property
    def words(self) -> str:
        return self.typed.asked

    @property
    def is_empty(self) -> bool:
        found = self.code or self.codes or self.asked_codes or self.numbered or self.bulletins
        return not found

    @property
    def passages(self) -> list[PassageFound]:
        return [passage for one in self.bulletins for passage in one.passages]

    @property
    def pages(self) -> int:
        return -(-self.total // PAGE)


@dataclass(slots=True)
class _Way:
    """One way to put the question, and what it found."""

    typed: Typed
    wanted: Wanted
    also: list[Also] = field(default_factory=list)
    groups: list[list[Candidate]] = field(default_factory=list)
    is_capped: bool = False
    is_any: bool = False


def search(words: str, *, on: date, filters: Filters | None = None, **options: object) -> Results:
    """What the library holds under these words on a day; `options` are those of a `Question`."""
    return answer(Question(words=words, filters=filters or Filters(on), **options))  # type: ignore[arg-type]


def answer(question: Question) -> Results:
    """What the library holds. Never an error, whatever was typed."""
    typed = read_typed(question.words)
    results = Results(typed, page=question.page)
    if not typed.asked:
        return results
    if not question.within:
        results = _exact(results, question.filters)
    if not typed.groups:
        return results
    is_one_code = len(typed.groups) == 1 and bool(results.code)
    asked, groups = ([], list(typed.groups)) if is_one_code else _codes(typed, question)
    results = replace(results, asked_codes=tuple(asked))
    if not groups:
        return results
    named = set.intersection(*(one.versions for one in asked)) if asked else None
    way = _way(typed, groups, question, named=named)
    if not way.groups and asked:
        way = _way(typed, groups, question)
        results = replace(results, is_beside_codes=bool(way.groups))
    if not way.groups and results.is_empty:
        return _otherwise(results, way, question)
    if len(way.groups) <= _NEARLY_NOTHING and results.is_empty and not question.is_as_typed:
        results = replace(results, near=retyped(typed))
    return _shown(results, way, question)


def _codes(typed: Typed, question: Question) -> tuple[list[Asked], list[tuple[Term, ...]]]:
    if len(typed.groups) == 1:  # alone, it was looked for as the beginning of a code
        return [], list(typed.groups)
    return codes_among(typed.groups, question.filters)


def _exact(results: Results, filters: Filters) -> Results:
    """With the codes and bulletins whose code or number begins so."""
    asked = results.typed.asked
    found = codes_alone(asked, filters)
    code = next((one for one in found if one.key == read_code(asked).key), None)
    others = tuple(one for one in found if one is not code)
    return replace(results, code=code, codes=others, numbered=tuple(_numbered(asked, filters)))


def _numbered(asked: str, filters: Filters) -> list[Bulletin]:
    """Bulletins whose number begins so, with its leading zeros or without."""
    digits = asked[:-1] if asked[-1:].isalpha() else asked
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 5):
        return []
    begins = Q(number__istartswith=asked) | Q(number__iregex=f"^0*{asked.lstrip('0') or '0'}")
    searched = filters.versions()
    if not filters.narrowing:
        searched = replace(filters, status=Status.ALL).versions()
    return list(Bulletin.objects.filter(begins, pk__in=searched.values("bulletin"))[:SHOWN])


def _way(typed: Typed, groups: list[tuple[Term, ...]], question: Question, *,
         named: set[int] | None = None, any_of: bool = False) -> _Way:  # fmt: skip
    """The words looked for, with their synonyms; with `any_of` some of them are enough."""
    groups = groups[:_MOST_GROUPS]
    words = ["" if len(one) > 1 or one[0].is_phrase else one[0].text for one in groups]
    meant = [] if question.is_plain else synonyms_of(words)
    way = _Way(typed, wanted_of(groups, typed.excluded, meant))
    way.also = [Also(one.terms[0].text, one.synonyms) for one in way.wanted.groups if one.synonyms]
    found = find(
        way.wanted, question.filters, any_of=any_of, versions=named, within=question.within
    )
    way.groups, way.is_capped, way.is_any = _by_bulletin(found), found.is_capped, any_of
    return way


def _by_bulletin(found: Found) -> list[list[Candidate]]:
    groups: dict[int, list[Candidate]] = {}
    for one in found.candidates:
        groups.setdefault(one.bulletin, []).append(one)
    return list(groups.values())


def _otherwise(results: Results, way: _Way, question: Question) -> Results:
    """Nothing stands under the words as they are: they are mended, or some are enough."""
    typed = way.typed
    mended = None if question.is_as_typed else retyped(typed)
    if mended:
        other = read_typed(mended)
        way = _way(other, list(other.groups), question)
    if not way.groups and len(way.typed.groups) > 1:
        some = _way(way.typed, list(way.typed.groups), question, any_of=True)
        if some.groups:
            results = replace(results, is_any_word=True)
            way = some
    results = replace(results, corrected_to=mended if way.groups else None)
    if question.filters.narrowing and (results.is_any_word or not way.groups):
        results = replace(results, without=_without(typed, question))
    if not way.groups and "status" not in question.filters.narrowing:
        every = replace(question.filters, status=Status.ALL)
        wider = _way(typed, list(typed.groups), replace(question, filters=every))
        results = replace(results, elsewhere=len(wider.groups))
    return _shown(results, way, question)


def _without(typed: Typed, question: Question) -> tuple[tuple[tuple[str, ...], int], ...]:
    """How many bulletins would be found without each of the filters, or without all of them."""
    names = question.filters.narrowing
    tried = [(name,) for name in names] + ([tuple(names)] if len(names) > 1 else [])
    found = []
    for left_out in tried:
        wider = replace(question, filters=question.filters.without(*left_out))
        if count := len(_way(typed, list(typed.groups), wider).groups):
            found.append((left_out, count))
    return tuple(one for one in found if len(one[0]) == 1) or tuple(found)


def _shown(results: Results, way: _Way, question: Question) -> Results:
    start = (question.page - 1) * PAGE
    page = question.page
    if start >= len(way.groups):
        start, page = 0, 1
    most = _EVERY if question.within else _BEST
    groups = way.groups[start : start + PAGE]
    if way.is_capped:
        groups = _read_through(groups, way, question)
    return replace(
        results,
        bulletins=bulletins_shown(groups, way.wanted, on=question.filters.on, most=most),
        total=len(way.groups),
        page=page,
        is_capped=way.is_capped,
        also=tuple(way.also),
    )


def _read_through(
    groups: list[list[Candidate]], way: _Way, question: Question
) -> list[list[Candidate]]:
    """The bulletins of a page with all of their places, where only some were compared."""
    versions = [one.version for group in groups for one in group]
    every = find(
        way.wanted, question.filters, any_of=way.is_any, versions=versions, most=MOST_OF_PAGE
    )
    whole = {one.version: one for one in every.candidates}
    return [[whole.get(one.version, one) for one in group] for group in groups]
