"""A pasted list of codes: services and diagnoses told apart, and what could not be read."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from policies.look_up import ICD_10_CM
from policies.models import Code
from policies.reading import codes
from policies.spelling import read_code

MOST = 200  # codes in one question
_BETWEEN = re.compile(r"[\s,;|]+")
_MODIFIER = re.compile(r"(?P<code>[0-9A-Z]{5})[-:](?P<modifier>[0-9A-Z]{2})", re.IGNORECASE)
_AROUND = "'\"“”‘’()[]{}<>#*=.:"
HOW = "Write it as 97545, S9117 or S33.5XXA."


@dataclass(frozen=True, slots=True)
class Unread:
    """A piece that is no code, and what to do about it."""

    typed: str
    reason: str


@dataclass(frozen=True, slots=True)
class Pasted:
    """Codes by what they are, each once, in the order typed. Notes are whole sentences."""

    services: tuple[str, ...]
    diagnoses: tuple[str, ...]
    notes: tuple[str, ...]
    unread: tuple[Unread, ...]

    @property
    def total(self) -> int:
        return len(self.services) + len(self.diagnoses)


def read_pasted(text: str, diagnoses: str = "") -> Pasted:
    """Both fields of the question; at most one query.

    What has the form of a service and of a diagnosis is taken for what the loaded code sets hold,
    else for a service; in the field of diagnoses for a diagnosis.
    """
    notes: list[str] = []
    unread: list[Unread] = []
    typed = list(_pieces(text, notes, unread))
    beside = list(_pieces(diagnoses, notes, unread))
    held = _held(read_code(one).key for one in typed if "." not in one)
    found: dict[str, list[str]] = {"service": [], "diagnosis": []}
    for one in typed:
        kind, note = _kind(one, held)
        found[kind].append(one)
        notes.append(note)
    for one in beside:
        if ICD_10_CM in codes.systems_of(read_code(one).key):
            found["diagnosis"].append(one)
        else:
            unread.append(
                Unread(
                    one, "is not written like an ICD-10-CM code. Write it as S33.5XXA or M54.50."
                )
            )
    return Pasted(
        services=_once(found["service"]),
        diagnoses=_once(found["diagnosis"]),
        notes=tuple(dict.fromkeys(note for note in notes if note)),
        unread=tuple(dict.fromkeys(unread)),
    )


def _pieces(text: str, notes: list[str], unread: list[Unread]) -> Iterable[str]:
    words: list[str] = []
    for raw in _BETWEEN.split(text.replace("\x00", " ")):
        piece = raw.strip(_AROUND)
        if not piece:
            continue
        if found := _MODIFIER.fullmatch(piece):
            notes.append(f"{piece} is read as {found['code']}: modifiers are not looked up.")
            piece = found["code"]
        if not any(one.isdigit() for one in piece):
            words.append(piece)
        elif codes.systems_of(read_code(piece).key):
            yield piece
        else:
            unread.append(Unread(piece, _why(piece)))
    if words:
        few = ", ".join(words[:5]) + (" and others" if len(words) > 5 else "")
        notes.append(f"Words without a digit were passed over: {few}.")


def _why(piece: str) -> str:
    key = codes.normalise(piece)
    low, _, high = key.partition("-")
    if codes.systems_of(low) and codes.systems_of(high):
        return f"is a range. Give each of its codes, such as {low}."
    if len(key) <= 2:
        return "is too short for a code. Modifiers and units are not looked up."
    return f"is not written like a code of any system: check its characters. {HOW}"


def _held(keys: Iterable[str]) -> dict[str, set[str]]:
    """Which systems hold each of the keys that may be a service and a diagnosis."""
    unsure = {key for key in keys if _is_both(key)}
    held: dict[str, set[str]] = defaultdict(set)
    if unsure:
        for key, system in Code.objects.filter(key__in=unsure).values_list("key", "system"):
            held[key].add(system)
    return held


def _is_both(key: str) -> bool:
    systems = codes.systems_of(key)
    return ICD_10_CM in systems and len(systems) > 1


def _kind(typed: str, held: dict[str, set[str]]) -> tuple[str, str]:
    """What a code is taken for, and a sentence where it may be meant otherwise."""
    key = read_code(typed).key
    systems = codes.systems_of(key)
    is_diagnosis = ICD_10_CM in systems
    if not _is_both(key) or "." in typed:
        return ("diagnosis" if is_diagnosis else "service"), ""
    others = [one for one in systems if one != ICD_10_CM]
    as_service, as_diagnosis = bool(held[key] & set(others)), ICD_10_CM in held[key]
    if as_diagnosis and not as_service:
        return "diagnosis", ""
    if as_service and not as_diagnosis:
        return "service", ""
    return "service", (
        f"{key} is read as the {' or '.join(others)} code. If the diagnosis {codes.dotted(key)} is"
        " meant, write it with its dot."
    )


def _once(typed: Iterable[str]) -> tuple[str, ...]:
    return tuple({read_code(one).key: one for one in reversed(list(typed))}.values())[::-1]
