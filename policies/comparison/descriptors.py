"""What the code sets say of the codes of a comparison: each side by its own day.

A bulletin prints a description beside a code; the code set has its own descriptor, and a new
release may reword it while the bulletin stays as it is. A code belongs to its release, so each side
is described by the release that held on the day from which that side is in effect.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from policies.comparison.parts import Comparison
from policies.comparison.tables import CodeLine
from policies.comparison.words import Redline, redline
from policies.models import Code, Descriptor
from policies.reading import codes

Key = tuple[str, str]  # system and key
Days = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Meaning:
    """A code's descriptor on a day and the release that says so; `note` where it is not valid."""

    text: str
    release: str
    note: str


@dataclass(frozen=True, slots=True)
class Described:
    """A code with its meaning on either day; None where no release knows it by then."""

    code: str
    before: Meaning | None
    after: Meaning | None

    @property
    def differs(self) -> bool:
        """Whether the release, and not the bulletin, changed what stands there."""
        if self.before is None or self.after is None:
            return self.before is not self.after
        before, after = self.before, self.after
        return (before.text, before.note) != (after.text, after.note)

    @property
    def line(self) -> Redline:
        before, after = self.before, self.after
        return redline(before.text if before else "", after.text if after else "")


def described_codes(compared: Comparison, days: Days) -> dict[Key, Described]:
    """Every single code of the tables with what it meant on both days. Three queries at most."""
    lines = [
        line
        for part in compared.parts
        for table in part.tables
        for line in (*table.changed, *table.kept)
    ]
    wanted = dict.fromkeys(key for line in lines for key in keys_of(line))
    known: dict[Key, list[Code]] = {}
    found = Code.objects.filter(key__in={key for _, key in wanted}).described()
    for code in found.order_by("valid_from") if wanted else ():
        known.setdefault((code.system, code.key), []).append(code)
    return {
        key: Described(known[key][-1].display, *(_meaning(known[key], on) for on in days))
        for key in wanted
        if key in known
    }


def keys_of(line: CodeLine) -> Iterator[Key]:
    """The single codes of a line: ranges have no descriptor."""
    for printed in dict.fromkeys(_listed(line.before, line.after)):
        key = codes.normalise(printed)
        if codes.systems_of(key):
            yield codes.system_of(line.system, key), key


def _listed(*sides: str) -> Iterator[str]:
    for side in sides:
        yield from (one for one in side.split(", ") if one and " - " not in one)


def _meaning(some: Iterable[Code], on: date) -> Meaning | None:
    """By the code that was valid on the day, else by the last that had begun."""
    begun = [code for code in some if code.valid_from <= on]
    if not begun:
        return None
    code = begun[-1]
    said = _descriptor(code, on)
    has_ended = code.valid_to is not None and code.valid_to < on
    note = f"not valid on {on}: it ended on {code.valid_to}" if has_ended else ""
    if said is None:
        return Meaning("", "", note)
    return Meaning(said.long or said.short, said.release.name, note)


def _descriptor(code: Code, on: date) -> Descriptor | None:
    """By the last release until the day, else by the first that describes it."""
    said = sorted(code.descriptors.all(), key=lambda one: one.release.valid_from)
    until = [one for one in said if one.release.valid_from <= on]
    return until[-1] if until else next(iter(said), None)
