"""Related bulletins both ways: those that a version names, and those that name its bulletin."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q

from policies.models import Bulletin, Passage, Version
from policies.views.naming import Mention, numbers_in
from policies.views.places import named, title_of

MOST = 300  # passages that are looked through for a number


@dataclass(frozen=True, slots=True)
class Related:
    """A bulletin with the places that name it, or in which it names the one being read.

    `title` is empty where the library has no such bulletin; then `address` is too.
    """

    number: str
    title: str
    address: str
    mentions: tuple[Mention, ...]
    base: str = ""  # the address of the version in which the places are; empty: this page's


def named_by(mentions: Iterable[Mention]) -> list[Related]:
    """The bulletins that a version names, in its order. One query."""
    places: dict[str, list[Mention]] = {}
    for one in mentions:
        places.setdefault(one.number, []).append(one)
    known = {one.number: one for one in Bulletin.objects.filter(number__in=places)}
    return [
        Related(
            number,
            known[number].title if number in known else "",
            known[number].get_absolute_url() if number in known else "",
            tuple(some),
        )
        for number, some in places.items()
    ]


def naming(bulletin: Bulletin, on: date) -> list[Related]:
    """The other bulletins whose versions in effect on a day name this one. One query."""
    found: dict[str, list[Passage]] = {}
    for passage in _candidates(bulletin, on):
        is_list = passage.section.kind == "related"
        if bulletin.number in numbers_in(passage.text, is_list=is_list):
            found.setdefault(passage.version.bulletin.number, []).append(passage)
    return [_related(number, some) for number, some in found.items()]


def _candidates(bulletin: Bulletin, on: date) -> Sequence[Passage]:
    """Passages with the number as a word, from the full-text index."""
    goes_on = Q(publication__effective_from=None, publication__ended_on=None)
    in_effect = Version.objects.published().filter(Q(publication__effective__contains=on) | goes_on)
    number = re.escape(bulletin.number)
    called = rf"(cpb|bulletin).*\m{number}\M"
    passages = (
        Passage.objects.filter(search=_words(bulletin.number), version__in=in_effect)
        .filter(Q(section__kind="related") | Q(text__iregex=called))
        .exclude(version__bulletin=bulletin)
        .exclude(section__kind__in=("references", "codes"))
    )
    slim = passages.select_related("version__bulletin", "section").only(
        "anchor", "kind", "text", "section__kind", "section__heading", "section__label",
        "version__ordinal", "version__bulletin__number", "version__bulletin__title",
    )  # fmt: skip
    return list(slim.order_by("version__bulletin__number", "position")[:MOST])


def _words(number: str) -> SearchQuery:
    """After a hyphen ("CPB-0198") a number is indexed with it, as if it were negative."""
    if not number.isalnum():
        return SearchQuery(number, config="english", search_type="phrase")
    return SearchQuery(f"'{number}' | '-{number}'", config="english", search_type="raw")


def _related(number: str, passages: Sequence[Passage]) -> Related:
    version = passages[0].version
    return Related(
        number,
        version.bulletin.title,
        version.bulletin.get_absolute_url(),
        tuple(
            Mention(number, one.anchor, named(one.anchor, title_of(one.section)))
            for one in passages
        ),
        version.get_absolute_url(),
    )


def _mention(number: str, passage: Passage) -> Mention:
    return Mention(number, passage.anchor, named(passage.anchor, title_of(passage.section)))
