"""How the library is used elsewhere: a registry, for the library knows of nothing else.

Whoever uses bulletins registers a provider when its app is ready:

    from policies import usage

    usage.register("reviewing", used)    # in AppConfig.ready

    def used(period: usage.Period) -> usage.Usage: ...

A provider is called with a period and answers with counts, in a fixed number of queries: codes and
numbers, and nothing of whom they were asked for. A code is its system and its key.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

Code = tuple[str, str]  # system and key


class Period(NamedTuple):
    """Days, both included."""

    first: date
    last: date


class Decided(NamedTuple):
    """Lines with a code, under a line of business, a plan and in a state, that were decided."""

    code: Code
    line_of_business: str
    plan: str
    state: str


@dataclass(frozen=True, slots=True)
class Usage:
    """What was used in a period.

    `requested`: lines that asked for a code. `cited`: decisions that rest on a bulletin, by the key
    of the bulletin. `decided`: lines with a decision that holds, and `approved` those of them
    granted as asked.
    """

    requested: Counter[Code] = field(default_factory=Counter)
    cited: Counter[int] = field(default_factory=Counter)
    decided: Counter[Decided] = field(default_factory=Counter)
    approved: Counter[Decided] = field(default_factory=Counter)


Provider = Callable[[Period], Usage]
_PROVIDERS: dict[str, Provider] = {}


def register(name: str, provider: Provider) -> None:
    """Ask this provider from now on; a second one of the same name takes its place."""
    _PROVIDERS[name] = provider


def used_in(period: Period) -> Usage:
    """The counts of every provider, added up."""
    total = Usage()
    for provider in _PROVIDERS.values():
        one = provider(period)
        total.requested.update(one.requested)
        total.cited.update(one.cited)
        total.decided.update(one.decided)
        total.approved.update(one.approved)
    return total
