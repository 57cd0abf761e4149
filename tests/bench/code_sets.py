"""Codes in the shapes of the real systems, with descriptions of our own, and spans over them."""

from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from random import Random
from string import ascii_uppercase

from policies.reading.codes import dotted
from policies.reading.document import CodeSpan
from tests.bench.words import Prose

DIAGNOSES, PROCEDURES, SUPPLIES = "ICD-10-CM", "CPT", "HCPCS"
SYSTEMS = (DIAGNOSES, PROCEDURES, SUPPLIES)
MARKED = "Q4321"  # planted in a known number of rows; no other span holds it


@dataclass(frozen=True, slots=True)
class MadeCode:
    key: str
    display: str
    description: str
    is_billable: bool


@cache
def keys(system: str) -> tuple[str, ...]:
    """Every key of a system, in order: about as many as the real releases have."""
    random = Random(f"keys of {system}")
    if system == PROCEDURES:
        made = {f"{one:05}" for one in random.sample(range(10_000, 99_999), 10_000)}
    elif system == SUPPLIES:
        made = {f"{letter}{one:04}" for letter in "ABCEGHJKLMPQSTV" for one in range(10_000)}
        made = {*random.sample(sorted(made), 8_000), MARKED}
    else:
        made = _diagnoses(random)
    return tuple(sorted(made))


def _diagnoses(random: Random) -> set[str]:
    """Categories with up to ten codes below each, three levels deep; injuries have a 7th sign."""
    made: set[str] = set()
    for letter in ascii_uppercase.replace("U", ""):
        for number in range(100):
            category = f"{letter}{number:02}"
            made.add(category)
            for fourth in range(random.randint(2, 10)):
                made |= _below(random, f"{category}{fourth}", is_injury=letter in "ST")
    return made


def _below(random: Random, key: str, *, is_injury: bool) -> set[str]:
    fifths = {f"{key}{one}" for one in range(random.choice((0, 0, 3, 6)))}
    sixths = {f"{one}{sixth}" for one in fifths for sixth in range(random.choice((0, 0, 3)))}
    made = {key, *fifths, *sixths}
    if is_injury:
        made |= {f"{one:X<6}{seventh}" for one in made for seventh in "ADS"}
    return made


def made_codes(system: str, *, every: int = 1) -> list[MadeCode]:
    """The codes of a system, or one in so many of them; the marked one always."""
    everything = keys(system)
    prose = Prose(Random(f"descriptions of {system}"))
    following = {*zip(everything, everything[1:], strict=False)}
    headers = {one for one, other in following if other.startswith(one)}
    return [
        MadeCode(
            key=key,
            display=dotted(key) if system == DIAGNOSES else key,
            description=prose.phrase(7).capitalize(),
            is_billable=key not in headers,
        )
        for at, key in enumerate(everything)
        if at % every == 0 or key == MARKED
    ]


class Spans:
    """Single codes and ranges from one random source."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def single(self, system: str, *, add_on: bool = False) -> CodeSpan:
        key = self._key(system)
        shown = dotted(key) if system == DIAGNOSES else key
        return CodeSpan(shown, shown, add_on, seventh_character=False)

    def range(self, system: str) -> CodeSpan:
        """A range in the published form; most are short, a few go over whole chapters."""
        if system != DIAGNOSES:
            return self._among_numbers(system)
        chance = self.random.random()
        if chance < 0.03:
            return self._over_chapters()
        return self._over_categories(6 if chance < 0.2 else 0)

    def _key(self, system: str) -> str:
        everything = keys(system)
        while True:
            key = self.random.choice(everything)
            if not key.startswith(MARKED[0]) or system != SUPPLIES:
                return key

    def _among_numbers(self, system: str) -> CodeSpan:
        everything = keys(system)
        low = self._key(system)
        at = min(bisect_left(everything, low) + self.random.randint(1, 12), len(everything) - 1)
        high = everything[at]
        return CodeSpan(low, high if high[0] == low[0] else low, False, False)

    def _over_categories(self, most: int) -> CodeSpan:
        """From the first code of a category to the last of the same or of a later one."""
        low = self._key(DIAGNOSES)[:3]
        last = min(int(low[1:]) + self.random.randint(0, most), 99)
        high = self._last_below(f"{low[0]}{last:02}")
        low = keys(DIAGNOSES)[bisect_left(keys(DIAGNOSES), low) + 1]
        if low[0] in "ST":
            return CodeSpan(dotted(f"{low:X<6}"), dotted(f"{high[:6]:X<6}"), False, True)
        return CodeSpan(dotted(low), dotted(high), False, False)

    def _over_chapters(self) -> CodeSpan:
        if self.random.random() < 0.25:
            return CodeSpan("S00.00X", "T88.9XX", False, True)
        letters = "ABCDEFGHIJKLMNOPQR"
        at = self.random.randrange(len(letters) - 1)
        high = self._last_below(f"{letters[at + self.random.randint(0, 1)]}99")
        return CodeSpan(f"{letters[at]}00.0", dotted(high), False, False)

    def _last_below(self, category: str) -> str:
        everything = keys(DIAGNOSES)
        return everything[bisect_left(everything, category + "~") - 1]
