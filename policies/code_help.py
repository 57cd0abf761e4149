"""Help with a code as it was typed: what it is on the day, or why it is none, and what was meant.

Every answer is a whole sentence, and names likely codes wherever there are any.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import islice

from rapidfuzz.distance import OSA

from policies.code_slips import (
    LONGEST,
    Form,
    Reading,
    foreign,
    joined_modifiers,
    one_edit_away,
    read,
    slips,
)
from policies.code_standing import (
    Described,
    Standing,
    described,
    row_on,
    seventh_characters,
    seventh_missing,
    standing_on,
    standing_sentence,
)
from policies.models import Code, Release, System
from policies.models.code_sets import CodeQuerySet
from policies.reading import codes
from policies.wording import either, listed

FEW = 8
_MANY = 60
_BELOW = 40  # more codes are not counted
_LONGEST_QUOTED = 40
_EXAMPLES = "Codes are written like 97545 (CPT), S9117 (HCPCS) or S33.5XXA (ICD-10-CM)."


class Kind(StrEnum):
    """What is to be said of the text; all but `KNOWN` ask for another code or another day."""

    EMPTY = "empty"
    KNOWN = "known"
    ENDED = "ended"
    NOT_YET = "not_yet"
    HEADER = "header"  # too general; codes below it can be billed
    SEVENTH_CHARACTER = "seventh_character"  # all that is missing
    PLACEHOLDER = "placeholder"  # an X is missing, or one too many
    MISTYPED = "mistyped"
    MODIFIER = "modifier"  # a code with modifiers behind it
    RANGE = "range"
    LIST = "list"
    OTHER_SYSTEM = "other_system"
    UNKNOWN = "unknown"  # written like a code, and in no loaded release
    UNSHAPED = "unshaped"  # not written like a code


@dataclass(frozen=True, slots=True)
class Help:
    """What to say of the text. `code` is the row that bears exactly what was read, if one does."""

    typed: str
    kind: Kind
    sentence: str
    likely: tuple[Described, ...] = ()
    code: Code | None = None

    @property
    def words(self) -> str:
        """The sentence, with the likely codes behind it."""
        if not self.likely:
            return self.sentence
        return f"{self.sentence} Likely: {', '.join(one.display for one in self.likely)}."


def explain(typed: str, *, on: date, systems: Sequence[str] = ()) -> Help:
    """Explain a text on a day. `systems`: those that may be meant here; none named, all of them."""
    reading = read(typed)
    helper = _Helper(typed, reading, on, tuple(systems))
    if not reading.keys[0]:
        nothing = "Nothing was typed." if not typed.strip() else f"“{_cut(typed)}” holds no code."
        return helper.says(Kind.EMPTY, f"{nothing} {_EXAMPLES}")
    if reading.form is Form.RANGE:
        return helper.of_range()
    if reading.form is Form.LIST:
        return helper.of_list()
    return helper.of_one()


def likely_codes(key: str, *, systems: Sequence[str] = ()) -> list[Code]:
    """Known codes that the key may stand for: one slip away, or under its longest known start."""
    if not 2 <= len(key) <= LONGEST + 2:
        return []

    def weight(code: Code) -> tuple[int, bool, str]:
        return OSA.distance(key, code.key), sorted(key) != sorted(code.key), code.key

    known = Code.objects.order_by("key", "-valid_from")
    if systems:
        known = known.filter(system__in=systems)
    near = sorted(known.filter(key__in=set(one_edit_away(key)) - {key})[:_MANY], key=weight)
    for length in range(len(key) - 1, 2, -1):
        if len(near) >= FEW:
            break
        near += known.below(key[:length])[:FEW]
    unique: dict[tuple[str, str], Code] = {}
    for one in near:
        unique.setdefault((one.system, one.key), one)
    return list(unique.values())[:FEW]


@dataclass(frozen=True, slots=True)
class _Helper:
    typed: str
    reading: Reading
    on: date
    systems: tuple[str, ...]

    @property
    def key(self) -> str:
        return self.reading.keys[0]

    def says(
        self, kind: Kind, sentence: str, likely: Iterable[Code] = (), code: Code | None = None
    ) -> Help:
        few = list(islice({one.pk: one for one in likely}.values(), FEW))
        return Help(self.typed, kind, sentence, described(few, self.on), code)

    # One code

    def of_one(self) -> Help:
        meant = list(slips(self.key))
        joined = joined_modifiers(self.key)
        wanted = {self.key, *(one.key for one in meant), *([joined[0]] if joined else [])}
        rows: dict[str, list[Code]] = {}
        for row in Code.objects.filter(key__in=wanted).select_related("successor"):
            rows.setdefault(row.key, []).append(row)
        own = {key: code for key, found in rows.items() if (code := self._chosen(found))}
        if exact := own.get(self.key):
            return self._known(exact)
        if self.key in rows:
            return self._elsewhere(rows[self.key])
        first = [one for one in meant if one.is_placeholder and one.key in own]
        if first:
            return self._placeholder(first[0].how, [own[one.key] for one in first])
        if below := self._below(self.key):
            return self._header(below, None)
        if joined and joined[0] in own:
            return self._modified(own[joined[0]], joined[1])
        if not self.systems and (name := foreign(self.reading.text)):
            said = f"“{_cut(self.typed)}” is written like {name}: this library does not hold it."
            return self.says(Kind.OTHER_SYSTEM, said)
        found = [one for one in meant if one.key in own]
        if found:
            return self._mistyped(found[0].how, [own[one.key] for one in found])
        return self._unknown()

    def _chosen(self, rows: Iterable[Code]) -> Code | None:
        """Of rows with one key the one of the day; a system that may not be meant is left out."""
        allowed = [one for one in rows if not self.systems or one.system in self.systems]
        by_system = {
            system: row_on([one for one in allowed if one.system == system], self.on)
            for system in dict.fromkeys(one.system for one in allowed)
        }
        found = [one for one in by_system.values() if one is not None]
        valid = [one for one in found if standing_on(one, self.on) is Standing.VALID]
        return next(iter(valid or found), None)

    def _known(self, code: Code) -> Help:
        read_as = self._read_as(code)
        standing = standing_on(code, self.on)
        if standing is Standing.ENDED:
            likely = [code.successor] if code.successor else self._beside(code)
            said = self.says(Kind.ENDED, standing_sentence(code, self.on), likely, code)
        elif standing is Standing.NOT_YET:
            before = list(Code.objects.valid(self.on).filter(successor=code))
            likely = before or self._beside(code)
            said = self.says(Kind.NOT_YET, standing_sentence(code, self.on), likely, code)
        elif not code.is_billable:
            said = self._header(self._below(code.key, code.system), code)
        elif self.reading.modifiers:
            return self._modified(code, self.reading.modifiers)
        elif read_as:
            said = self.says(Kind.MISTYPED, standing_sentence(code, self.on), [code], code)
        else:
            return self.says(Kind.KNOWN, standing_sentence(code, self.on), (), code)
        return replace(said, sentence=f"{read_as} {said.sentence}".strip())

    def _header(self, below: list[Code], code: Code | None) -> Help:
        """A header, or what is only the beginning of codes."""
        display = code.display if code else self._display(below)
        key = code.key if code else self.key
        if ends := seventh_characters(key, below):
            said = seventh_missing(display, key, ends)
            return self.says(Kind.SEVENTH_CHARACTER, said, below, code)
        what = "a header, too general to be billed" if code else "not a whole code"
        if not below:
            return self.says(
                Kind.HEADER,
                f"{display} is {what}, and no code below it is valid on {self.on}.",
                self._beside(code) if code else (),
                code,
            )
        count = f"{len(below)}" if len(below) < _BELOW else f"{_BELOW} or more"
        goes_on = "code below it is" if len(below) == 1 else "codes below it are"
        return self.says(
            Kind.HEADER, f"{display} is {what}: {count} {goes_on} valid on {self.on}.", below, code
        )

    def _placeholder(self, how: str, found: Sequence[Code]) -> Help:
        said = (
            f"{self._written()} is not in its full form: it is {found[0].display}, {how}. The 7th"
            " character stands in the seventh place."
        )
        return self.says(Kind.PLACEHOLDER, said, found)

    def _modified(self, code: Code, modifiers: Sequence[str]) -> Help:
        what, they_are = "modifier", "a modifier is"
        if len(modifiers) > 1:
            what, they_are = "modifiers", "modifiers are"
        said = (
            f"{code.display} with the {what} {listed(modifiers)}: {they_are} no part of the code,"
            f" which is {code.display}."
        )
        return self.says(Kind.MODIFIER, said, [code], code)

    def _mistyped(self, how: str, found: Sequence[Code]) -> Help:
        said = f"No loaded code set holds {self._written()}. It may be {found[0].display}, {how}."
        return self.says(Kind.MISTYPED, said, found)

    def _elsewhere(self, rows: Sequence[Code]) -> Help:
        names = either([_system(one) for one in dict.fromkeys(row.system for row in rows)])
        asked = either([_system(one) for one in self.systems])
        said = f"{rows[0].display} is {_article(names)} code, not {_article(asked)} code."
        return self.says(Kind.OTHER_SYSTEM, said, rows)

    def _unknown(self) -> Help:
        shaped = codes.systems_of(self.key)
        possible = [one for one in shaped if not self.systems or one in self.systems]
        if not shaped:
            said = f"“{_cut(self.typed)}” is not written like a code of any system. {_EXAMPLES}"
            return self.says(Kind.UNSHAPED, said, likely_codes(self.key, systems=self.systems))
        names = [_system(one) for one in possible or shaped]
        written = f"{self._written()} is written like {_article(either(names))} code"
        if not possible:
            asked = _article(either([_system(one) for one in self.systems]))
            said = f"{written}, not like {asked} code, and no loaded code set holds it."
            return self.says(Kind.OTHER_SYSTEM, said, likely_codes(self.key))
        loaded = Release.objects.filter(system__in=possible).exists()
        none = "no loaded release holds it" if loaded else "no release of it is loaded here"
        likely = likely_codes(self.key, systems=self.systems)
        then = "" if likely else " No known code is like it: compare it with its source."
        return self.says(Kind.UNKNOWN, f"{written}, but {none}.{then}", likely)

    # Several codes

    def of_range(self) -> Help:
        low, high = self.reading.keys
        said = f"“{_cut(self.typed)}” is a range. Look up one code of it at a time."
        if low > high:
            low, high = high, low
            said = f"“{_cut(self.typed)}” is a range that runs backwards. Look up one code of it."
        inside = self._valid().filter(key__gte=low, key__lt=f"{high}~", is_billable=True)
        shaped = {*codes.systems_of(low)} & {*codes.systems_of(high)}
        return self.says(Kind.RANGE, said, inside.filter(system__in=shaped).order_by("key")[:FEW])

    def of_list(self) -> Help:
        keys = self.reading.keys
        rows = Code.objects.filter(key__in=keys)
        found = [self._chosen(row for row in rows if row.key == key) for key in keys]
        known = [one for one in found if one]
        said = f"{len(keys)} codes were typed. Look up one at a time."
        unknown = [key for key, one in zip(keys, found, strict=True) if not one]
        if unknown:
            said += f" No loaded code set holds {listed(unknown)}."
        return self.says(Kind.LIST, said, known)

    # Parts of sentences

    def _read_as(self, code: Code) -> str:
        """How the code was made out, where what was typed is not how it is written."""
        text = self.reading.text.lstrip("+")
        ways = []
        if self.reading.has_words_before:
            ways.append("without what stands around it")
        if self.reading.has_dash_after:
            ways.append("without the dash after it")
        if not self.reading.modifiers and text != code.display:
            ways += _differences(text, code.display)
        return f"Read as {code.display}, {listed(ways)}." if ways else ""

    def _written(self) -> str:
        systems = codes.systems_of(self.key)
        return codes.dotted(self.key) if systems[:1] == ("ICD-10-CM",) else self.key

    def _display(self, below: Sequence[Code]) -> str:
        is_diagnosis = below[0].system == System.ICD_10_CM
        return codes.dotted(self.key) if is_diagnosis else self.key

    # Codes

    def _valid(self) -> CodeQuerySet:
        valid = Code.objects.valid(self.on)
        return valid.filter(system__in=self.systems) if self.systems else valid

    def _below(self, key: str, system: str = "") -> list[Code]:
        """Codes that can be billed and begin with the key, of one system."""
        if len(key) < 3:
            return []
        found = self._valid().filter(is_billable=True).below(key).exclude(key=key)
        if system:
            found = found.filter(system=system)
        below = list(found.order_by("key")[:_BELOW])
        return [one for one in below if one.system == below[0].system]

    def _beside(self, code: Code) -> list[Code]:
        """Valid codes with the longest beginning in common."""
        valid = self._valid().filter(system=code.system, is_billable=True).exclude(key=code.key)
        for length in range(len(code.key) - 1, 2, -1):
            found = list(valid.below(code.key[:length]).order_by("key")[:FEW])
            if found:
                return found
        return []


def _differences(text: str, display: str) -> Iterator[str]:
    if " " in text:
        yield "without the space"
    if "-" in text or "_" in text:
        yield "without the dash"
    bare = text.replace(" ", "").replace("-", "").replace("_", "")
    if "." in bare and "." not in display:
        yield "without the dot"
    elif bare != display and "." in display:
        yield "with its dot after the third character"


def _system(value: str) -> str:
    return str(dict(System.choices).get(value, value))


def _article(name: str) -> str:
    return f"{'an' if name.startswith(('I', 'O')) else 'a'} {name}"


def _cut(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _LONGEST_QUOTED else f"{plain[: _LONGEST_QUOTED - 1]}…"
