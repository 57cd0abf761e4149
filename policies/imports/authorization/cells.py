"""What the cells of an authorization list say. `Unclear` tells what is wrong and what to do."""

import re
from datetime import date, datetime

from policies.models import LineOfBusiness, Requirement, System
from policies.reading import codes
from policies.reading.document import CodeSpan
from policies.states import STATES

_PLAIN = re.compile(r"[^a-z0-9]")
_RANGE = re.compile(r"^(\S+)\s*(?:[-\u2010-\u2015]|to|through|thru)\s*(\S+)$", re.I)
_EVERY = {"", "all", "any", "every", "*"}
_REQUIREMENTS = {
    Requirement.PRIOR_AUTHORIZATION: "priorauthorization pa priorauth auth authorization required"
    " authorizationrequired priorauthorizationrequired yes y",
    Requirement.NOTIFICATION: "notification notify notice notificationonly notificationrequired",
    Requirement.NOT_REQUIRED: "notrequired none no n noauthorization noauthorizationrequired"
    " noauth nopa",
}
_MEANT = {name: one for one, names in _REQUIREMENTS.items() for name in names.split()}
_SYSTEMS = {_PLAIN.sub("", system.value.lower()): system for system in System} | {
    "hcpcslevelii": System.HCPCS, "icd10": System.ICD_10_CM, "rev": System.REVENUE,
    "revenuecode": System.REVENUE, "dental": System.CDT,
}  # fmt: skip
_LINES = {
    _PLAIN.sub("", name.lower()): LineOfBusiness(value)
    for value, label in LineOfBusiness.choices
    for name in (value, label)
} | {
    "ma": LineOfBusiness.MEDICARE_ADVANTAGE, "dsnp": LineOfBusiness.INTEGRATED_DSNP,
    "exchange": LineOfBusiness.MARKETPLACE, "selffunded": LineOfBusiness.COMMERCIAL_SELF_FUNDED,
    "fullyinsured": LineOfBusiness.COMMERCIAL_INSURED,
}  # fmt: skip
_YEARS = (1990, 2199)  # what is outside is mistyped
_SPLIT = re.compile(r"\s*[|;]\s*")


class Unclear(ValueError):
    """A cell cannot be taken; `str()` is a sentence."""


def codes_of(low: str, high: str, system: str) -> dict[str, str]:
    """The codes of a row with the keys of their bounds."""
    ends = _RANGE.match(low) if not high else None
    if ends:
        low, high = ends[1], ends[2]
    low, high = _code(low), _code(high or low)
    first = _system(system, low)
    if high != low and codes.system_of(first, high) != first:
        raise Unclear(f"{low} and {high} are codes of different systems: give each its own row.")
    lower, upper = codes.bounds(CodeSpan(low, high, add_on=False, seventh_character=False))
    if lower > upper:
        raise Unclear(f"the range {low} - {high} stands upside down: turn it round.")
    return {"system": first, "low": low, "high": high, "lower": lower, "upper": upper}


def requirement_of(cell: str) -> str:
    found = _MEANT.get(_PLAIN.sub("", cell.lower()))
    if found is None:
        raise Unclear(
            f"the requirement “{cell}” is not known: write prior authorization, notification or"
            " not required."
        )
    return found.value


def lines_of(cell: str) -> list[str]:
    """The lines of business of a cell; an empty name stands for every line."""
    if _PLAIN.sub("", cell.lower()) == "commercial":
        raise Unclear(
            "“Commercial” may be insured or self-funded: write “commercial insured”, “commercial"
            " self-funded” or both with a semicolon between."
        )
    names = [cell] if _PLAIN.sub("", cell.lower()) in _LINES else _several(cell)
    found = []
    for name in names:
        line = _LINES.get(_PLAIN.sub("", name.lower()))
        if name and line is None:
            known = "; ".join(str(one.label) for one in LineOfBusiness)
            raise Unclear(f"the line of business “{name}” is not known: write one of {known}.")
        found.append(line.value if line else "")
    return found


def states_of(cell: str) -> list[str]:
    """The states of a cell; an empty name stands for every state."""
    states = [name.upper() for name in _several(cell.replace(",", ";"))]
    for state in states:
        if state and state not in STATES:
            raise Unclear(f"the state “{state}” is not known: write its two letters, such as NY.")
    return states


def plans_of(cell: str) -> list[str]:
    plans = _several(cell)
    for plan in plans:
        if len(plan) > 80:
            raise Unclear(f"the plan “{plan[:30]}…” has {len(plan)} characters and 80 at most.")
    return plans


def day_of(cell: str, what: str) -> date | None:
    """2026-03-02, or 3/2/2026 as Americans write it."""
    if not cell:
        return None
    for form in ("%Y-%m-%d", "%m/%d/%Y"):
        try:
            day = datetime.strptime(cell, form).date()  # noqa: DTZ007
        except ValueError:
            continue
        if _YEARS[0] <= day.year <= _YEARS[1]:
            return day
    raise Unclear(f"{what} “{cell}” is no day: write it as 2026-03-02 or 3/2/2026.")


def note_of(cell: str) -> str:
    if len(cell) > 300:
        raise Unclear(f"the note has {len(cell)} characters and 300 at most: shorten it.")
    return cell


def _code(cell: str) -> str:
    if not cell:
        raise Unclear("no code is given: fill the column low.")
    if re.search(r"[,;|/]", cell):
        raise Unclear(f"“{cell}” names several codes: give each its own row.")
    if not codes.systems_of(codes.normalise(cell)):
        raise Unclear(f"“{cell}” is not written like a code of any system: check its characters.")
    return cell.upper()


def _system(cell: str, low: str) -> str:
    possible = codes.systems_of(codes.normalise(low))
    if cell:
        system = _SYSTEMS.get(_PLAIN.sub("", cell.lower()))
        if system is None:
            known = ", ".join(one for one in System.values if one != System.OTHER)
            raise Unclear(f"the system “{cell}” is not known: write one of {known}.")
        if system not in possible:
            may_be = " or ".join(possible)
            raise Unclear(f"“{low}” is not written like a code of {system.label}, but of {may_be}.")
        return str(system.value)
    if possible == ("revenue",) and not low.startswith("0"):
        raise Unclear(
            f"“{low}” may be a revenue code, or a CPT code that has lost its leading zero: write"
            " all its digits or fill the column system."
        )
    return possible[0]


def _several(cell: str) -> list[str]:
    names = [name for name in _SPLIT.split(cell) if name.casefold() not in _EVERY]
    return list(dict.fromkeys(names)) or [""]
