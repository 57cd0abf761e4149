"""What a change of a bulletin touches elsewhere: a registry, for the library knows of nothing else.

Whoever keeps something that rests on bulletins registers a provider when its app is ready:

    from policies import impact

    impact.register("reviewing", touched)    # in AppConfig.ready

    def touched(change: impact.Change) -> Iterable[impact.Touched]: ...

A provider is called with one `Change`: the version that comes (or, where nothing comes in its
place, the version that ends), the version whose place it takes, the day of the change, and today.
It answers with a `Touched` for every kind of thing that it keeps, also where none is touched, in a
fixed number of queries. `items` is the whole list, and `count` its length. An item is called by a
number and never by a person: these pages are open to people who may see no member data. It names
the permission that its address asks for, and may narrow that to some of those who have it; whoever
it is not open to reads the number without a link.

`changed_codes` tells a provider what becomes of the codes that it keeps.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser, User

from policies.models import CodeSpan, Version

Code = tuple[str, str]  # system and key


@dataclass(frozen=True, slots=True)
class Change:
    """A version that comes, or one that ends with nothing in its place.

    `replaces`: what it takes the place of; None for the first version, and for a retirement.
    `effective_from`: the first day of the change; None while it is not decided.
    """

    version: Version
    replaces: Version | None
    effective_from: date | None
    on: date
    is_retirement: bool = False

    @property
    def governs_now(self) -> Version | None:
        """The version on which things rest until the change."""
        return self.version if self.is_retirement else self.replaces


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is touched: its number, where it is shown, and who may see it there.

    `is_in_scope`: whether it is shown to a person with the permission; None: to each of them.
    """

    words: str
    address: str
    permission: str
    is_in_scope: Callable[[User | AnonymousUser], bool] | None = None

    def is_open_to(self, user: User | AnonymousUser) -> bool:
        """Whether its address shows it to this person."""
        return user.has_perm(self.permission) and (
            self.is_in_scope is None or self.is_in_scope(user)
        )


@dataclass(frozen=True, slots=True)
class Touched:
    """All things of one kind that are touched. `sentence` says by what they were found."""

    what: str
    count: int
    sentence: str
    items: tuple[Item, ...]


Provider = Callable[[Change], Iterable[Touched]]
_PROVIDERS: dict[str, Provider] = {}


def register(name: str, provider: Provider) -> None:
    """Ask this provider from now on; a second one of the same name takes its place."""
    _PROVIDERS[name] = provider


def touched_by(change: Change) -> list[Touched]:
    """The answers of every provider, in the order in which they were registered."""
    return [one for provider in _PROVIDERS.values() for one in provider(change)]


def changed_codes(change: Change, codes: Collection[Code]) -> dict[Code, str]:
    """Those of the codes that the change adds, removes, or moves to another stance, with what
    becomes of each in words. A retirement removes whatever the version names. One query.

    A code is named by itself or by a range. Its stance is that of the heading of its table; where
    both versions have a table for the same subject, the stance for that subject.
    """
    old = change.governs_now
    new = None if change.is_retirement else change.version
    tables = code_tables([one.pk for one in (old, new) if one is not None])
    found: dict[Code, str] = {}
    for code in sorted(codes):
        was = tables[old.pk].stances(code) if old else {}
        will = tables[new.pk].stances(code) if new else {}
        if what := _what(was, will):
            found[code] = what
    return found


class CodeTable:
    """The codes of a version: single ones by their keys, ranges in a row."""

    def __init__(self) -> None:
        self._single: defaultdict[Code, list[tuple[str, str]]] = defaultdict(list)
        self._ranges: defaultdict[str, list[tuple[str, str, str, str]]] = defaultdict(list)

    def add(self, system: str, lower: str, upper: str, scope: str, stance: str) -> None:
        if lower == upper:
            self._single[system, lower].append((scope, stance))
        else:
            self._ranges[system].append((lower, upper, scope, stance))

    def stances(self, code: Code) -> dict[str, set[str]]:
        """By the subjects of the tables that name the code."""
        found: dict[str, set[str]] = {}
        for scope, stance in self._naming(code):
            found.setdefault(scope, set()).add(stance)
        return found

    def _naming(self, code: Code) -> Iterator[tuple[str, str]]:
        yield from self._single.get(code, ())
        for lower, upper, scope, stance in self._ranges[code[0]]:
            if lower <= code[1] <= upper:
                yield scope, stance


def code_tables(versions: Iterable[int]) -> defaultdict[int, CodeTable]:
    """The code tables of versions by their keys. One query."""
    spans = CodeSpan.objects.filter(version__in=versions).values_list(
        "version_id", "system", "lower", "upper", "row__group__scope", "row__group__stance"
    )
    tables: defaultdict[int, CodeTable] = defaultdict(CodeTable)
    for version, *span in spans:
        tables[version].add(*span)
    return tables


def _what(was: dict[str, set[str]], will: dict[str, set[str]]) -> str:
    if not was and not will:
        return ""
    if not was or not will:
        return "added" if will else "removed"
    in_all = set().union(*was.values()) == set().union(*will.values())
    in_each = all(was[scope] == will[scope] for scope in was.keys() & will.keys())
    return "" if in_all and in_each else "stance changed"
