"""How codes are typed: lists, ranges, modifiers, and the slips of a hand. Characters only.

Nothing here knows which codes there are: it yields what was perhaps meant, the likeliest first.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations, product

from policies.reading import codes

CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LONGEST = 7  # characters of a code
_MOST_READ = 200  # characters of a text
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u200b\ufeff]+")
_MOST_CONFUSED = 3  # characters of one code that were taken for others
_BEFORE = re.compile(
    r"^(?:(?:CPT|HCPCS|ICD(?:[- ]?(?:9|10))?(?:[- ]?(?:CM|PCS))?|CDT|CODES?|DX|DIAGNOSIS|PROCEDURE"
    r"|REV(?:ENUE)?)(?![0-9A-Z])[\s:.#-]*)+"
)
_AROUND = " \t\r\n\"'“”‘’«»()[]{}<>#:;,!?*"
_PARTS = re.compile(r"[\s,;/|]+(?:(?:AND|OR)\s+)?")
_RANGE = re.compile(r"([0-9A-Z.+]+)\s*(?:-|\bTO\b|\bTHROUGH\b|\bTHRU\b)\s*([0-9A-Z.+]+)")
_MODIFIED = re.compile(r"([0-9A-Z]{5})((?:[\s,-]+[0-9A-Z]{2})+)")
_JOINED = re.compile(r"([0-9A-Z]{5})((?:[0-9A-Z]{2}){1,4})")
_ICD_10_CM = re.compile(r"[A-Z]\d[0-9A-Z]{1,6}")
# Characters that look alike, each way.
_ALIKE = {"0": "O", "1": "IL", "2": "Z", "5": "S", "6": "G", "8": "B"}
_ALIKE |= {letter: digit for digit, letters in _ALIKE.items() for letter in letters}
_ALIKE["|"] = "1"
FOREIGN = {
    "an ICD-9-CM diagnosis code, which ended on 2015-09-30": re.compile(r"\d{3}\.\d{1,2}"),
    "a drug's National Drug Code": re.compile(r"\d{4,5}-\d{3,4}-\d{1,2}"),
    "a LOINC code of a test": re.compile(r"\d{3,5}-\d"),
}


class Form(StrEnum):
    ONE = "one"
    LIST = "list"
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands in the text: its codes as keys, their modifiers, and what was left out."""

    form: Form
    keys: tuple[str, ...]
    text: str  # capitals, without what stood around it
    modifiers: tuple[str, ...] = ()
    has_words_before: bool = False
    has_dash_after: bool = False


@dataclass(frozen=True, slots=True)
class Slip:
    """A key that was perhaps meant, and how it differs: "with two characters swapped"."""

    key: str
    how: str
    is_placeholder: bool = False


def read(typed: str) -> Reading:
    """Take the text apart; a code in pieces ("S33.5 XXA") is one code."""
    plain = _CONTROLS.sub(" ", codes.plain_dashes(typed[:_MOST_READ]))
    text = plain.upper().strip(_AROUND)
    bare = _BEFORE.sub("", text).strip(_AROUND)
    whole = bare.rstrip("-.+" + _AROUND)
    keys, form, modifiers = _parts_of(whole)
    return Reading(
        form=form,
        keys=keys,
        text=whole,
        modifiers=modifiers,
        has_words_before=bare != text,
        has_dash_after="-" in bare[len(whole) :],
    )


def _parts_of(whole: str) -> tuple[tuple[str, ...], Form, tuple[str, ...]]:
    """The keys, what they make up, and the modifiers behind the only one."""
    if (found := _RANGE.fullmatch(whole)) and all(map(_is_whole, found.groups())):
        return tuple(map(_key, found.groups())), Form.RANGE, ()
    parts = [one for one in _PARTS.split(whole) if one]
    if len(parts) > 1 and all(map(_is_whole, parts)):
        return tuple(dict.fromkeys(map(_key, parts))), Form.LIST, ()
    if (found := _MODIFIED.fullmatch(whole)) and _is_service(found[1]):
        return (found[1],), Form.ONE, tuple(re.findall(r"[0-9A-Z]{2}", found[2]))
    return (_key(whole),), Form.ONE, ()


def joined_modifiers(key: str) -> tuple[str, tuple[str, ...]] | None:
    """A service code with modifiers right behind it: `97545GP` gives `97545` and `GP`."""
    found = _JOINED.fullmatch(key)
    if not found or not _is_service(found[1]):
        return None
    return found[1], tuple(re.findall("..", found[2]))


def foreign(text: str) -> str:
    """The code system outside this library that the text is written like; empty for none."""
    return next((name for name, shape in FOREIGN.items() if shape.fullmatch(text)), "")


def slips(key: str) -> Iterator[Slip]:
    """Keys that were perhaps meant: the placeholder first, then look-alikes, swaps, doublings."""
    if len(key) > LONGEST + 2:
        return
    yield from _placeholders(key)
    yield from _look_alikes(key)
    for at in range(len(key) - 1):
        if key[at] != key[at + 1]:
            swapped = key[:at] + key[at + 1] + key[at] + key[at + 2 :]
            yield Slip(swapped, f"with {key[at]} and {key[at + 1]} in the other order")
    if len(key) > 3:
        for at in range(len(key)):
            yield Slip(key[:at] + key[at + 1 :], f"without one {key[at]}")


def one_edit_away(key: str) -> Iterator[str]:
    """Every key with one character wrong, missing, too many, or two of them swapped."""
    for at in range(len(key) + 1):
        head, tail = key[:at], key[at:]
        yield from (head + one + tail for one in CHARACTERS)
        if tail:
            yield head + tail[1:]
            yield from (head + one + tail[1:] for one in CHARACTERS)
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]


def _placeholders(key: str) -> Iterator[Slip]:
    """An ICD-10-CM code of seven places in which an X is missing, or one too many."""
    if not _ICD_10_CM.fullmatch(key):
        return
    missing = LONGEST - len(key)
    if missing > 0 and len(key) > 3:
        how = "with the placeholder X" + (" twice" if missing == 2 else "")
        for at in range(len(key) - 1, 2, -1):
            yield Slip(key[:at] + "X" * missing + key[at:], how, is_placeholder=True)
    elif missing < 0 and (at := key.find("X" * -missing, 3)) > 0:
        yield Slip(key[:at] + key[at - missing :], "without one placeholder X", is_placeholder=True)


def _look_alikes(key: str) -> Iterator[Slip]:
    """Keys of some system in which characters were taken for others that look alike."""
    places = [at for at, one in enumerate(key[:LONGEST]) if one in _ALIKE]
    for count in range(1, min(_MOST_CONFUSED, len(places)) + 1):
        for chosen in combinations(places, count):
            for meant in product(*(_ALIKE[key[at]] for at in chosen)):
                mended = list(key)
                for at, one in zip(chosen, meant, strict=True):
                    mended[at] = one
                found = "".join(mended)
                if codes.systems_of(found):
                    changes = dict(zip((key[at] for at in chosen), meant, strict=True))
                    yield Slip(found, " and ".join(map(_taken_for, changes.items())))


def _taken_for(change: tuple[str, str]) -> str:
    typed, meant = (_named(one) for one in change)
    return f"with {meant} where {typed} was typed"


def _named(character: str) -> str:
    if character == "0":
        return "a zero"
    kind = "letter" if character.isalpha() else "digit" if character.isdigit() else "sign"
    return f"the {kind} {character}"


def _key(text: str) -> str:
    return codes.normalise(text).replace("-", "").replace("_", "")


def _is_whole(text: str) -> bool:
    """Whether the text is written like a code on its own, and not like a piece of one."""
    key = codes.normalise(text)
    return any(one != "ICD-10-PCS" for one in codes.systems_of(key)) and len(key) >= 3


def _is_service(key: str) -> bool:
    return bool({"CPT", "HCPCS", "CDT"} & set(codes.systems_of(key)))
