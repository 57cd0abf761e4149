"""What a change of a bulletin touches elsewhere: a registry, for the library knows of nothing else.

Whoever keeps something that rests on bulletins registers a provider when its app is ready:

    from policies import impact

    impact.register("reviewing", touched)    # in AppConfig.ready

    def touched(change: impact.Change) -> Iterable[impact.Touched]: ...

A provider is called with one `Change`: the version that comes (or, where nothing comes in its
place, the version that ends), the version whose place it takes, and the day. It answers with a
`Touched` for every kind of thing that it keeps, also where none is touched, in a fixed number of
queries. `count` is the length of `items`, which is the whole list. An item is called by a number
and never by a person: these pages are open to people who may see no member data. It names the
permission that its address asks for; whoever lacks it reads the number without a link.

A provider that asks which codes change asks `changed_codes`.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

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
    is_retirement: bool = False

    @property
    def governs_now(self) -> Version | None:
        """The version on which things rest until the change."""
        return self.version if self.is_retirement else self.replaces


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is touched: its number, where it is shown, and who may see it there."""

    words: str
    address: str
    permission: str


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
    happens to each in words. A retirement removes whatever it names. One query.

    A code is named by itself or by a range; a stance is that of a table's heading, and where both
    versions have a table for the same subject, the stance for that subject.
    """
    old = change.governs_now
    new = None if change.is_retirement else change.version
    editions = [one.pk for one in (old, new) if one is not None]
    stances = _stances(editions, codes)
    found: dict[Code, str] = {}
    for code in sorted(codes):
        was = stances.get((old.pk, code), {}) if old else {}
        will = stances.get((new.pk, code), {}) if new else {}
        if what := _what(was, will):
            found[code] = what
    return found


_Stances = dict[str, set[str]]  # by the subject of the table


def _stances(
    versions: Collection[int], codes: Collection[Code]
) -> Mapping[tuple[int, Code], _Stances]:
    keys = {key for _, key in codes}
    spans = CodeSpan.objects.holding(*keys).filter(version__in=versions)
    held = spans.values_list(
        "version_id", "system", "lower", "upper", "row__group__scope", "row__group__stance"
    )
    found: dict[tuple[int, Code], _Stances] = {}
    for version, system, lower, upper, scope, stance in held if keys else ():
        for code in codes:
            if code[0] == system and lower <= code[1] <= upper:
                found.setdefault((version, code), {}).setdefault(scope, set()).add(stance)
    return found


def _what(was: _Stances, will: _Stances) -> str:
    if not was and not will:
        return ""
    if not was or not will:
        return "added" if will else "removed"
    in_all = set().union(*was.values()) == set().union(*will.values())
    in_each = all(was[scope] == will[scope] for scope in was.keys() & will.keys())
    return "" if in_all and in_each else "stance changed"
