"""A code as typed at intake, held against the code sets on the day: a sentence, likely codes."""

from dataclasses import dataclass
from datetime import date

from policies.code_help import Help, Kind, explain
from policies.models import Code, System
from policies.reading import codes

DIAGNOSES = (System.ICD_10_CM,)
SERVICES = tuple(one for one in System if one not in DIAGNOSES)
MOST_LIKELY = 5
# What the hand did to the code, where that can be told.
SLIPS = {
    Kind.SEVENTH_CHARACTER, Kind.PLACEHOLDER, Kind.MISTYPED, Kind.MODIFIER, Kind.RANGE, Kind.LIST,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CodeCheck:
    """What the code sets say. `may_be_accepted`: no set holds the code, and a person may know."""

    key: str
    display: str
    system: str = ""
    sentence: str = ""
    likely: tuple[str, ...] = ()
    may_be_accepted: bool = False
    code: Code | None = None

    @property
    def is_good(self) -> bool:
        return not self.sentence

    @property
    def words(self) -> str:
        """The sentence, with the likely codes where there are any."""
        if not self.likely:
            return self.sentence
        return f"{self.sentence} Likely: {', '.join(self.likely)}."


def check_code(typed: str, *, on: date, is_diagnosis: bool) -> CodeCheck:
    """Look a code up on the day of service.

    One query for a code that is good; what is wrong with another takes a few more.
    """
    key = codes.normalise(typed)
    systems = [name for name in codes.systems_of(key) if (name in DIAGNOSES) == is_diagnosis]
    if not systems:
        if slip := _slip(typed, on, is_diagnosis=is_diagnosis):
            return CodeCheck(key, key, sentence=slip.sentence, likely=_displays(slip))
        return CodeCheck(key, key, sentence=_wrong_system(typed, key, is_diagnosis=is_diagnosis))
    found = list(Code.objects.filter(key=key, system__in=systems).select_related("successor"))
    display = found[0].display if found else _display(key, is_diagnosis=is_diagnosis)
    if not found:
        if slip := _slip(typed, on, is_diagnosis=is_diagnosis):
            words = f"{slip.sentence} Correct it, or accept it as it is."
            likely = _displays(slip)
            return CodeCheck(key, display, systems[0], words, likely, may_be_accepted=True)
        return _unknown(key, display, systems, on, is_diagnosis=is_diagnosis)
    valid = [one for one in found if one.valid_from <= on and (one.valid_to or on) >= on]
    if not valid:
        return _not_valid(found[-1], on)
    if not valid[0].is_billable:
        return _header(valid[0], on)
    return CodeCheck(key, display, valid[0].system, code=valid[0])


def _slip(typed: str, on: date, *, is_diagnosis: bool) -> Help | None:
    said = explain(typed, on=on, systems=DIAGNOSES if is_diagnosis else SERVICES)
    return said if said.kind in SLIPS else None


def _displays(said: Help) -> tuple[str, ...]:
    return tuple(one.display for one in said.likely[:MOST_LIKELY])


def _display(key: str, *, is_diagnosis: bool) -> str:
    return codes.dotted(key) if is_diagnosis else key


def _wrong_system(typed: str, key: str, *, is_diagnosis: bool) -> str:
    if codes.systems_of(key):
        if is_diagnosis:
            return f"{typed} is not an ICD-10-CM code. Enter it among the service lines."
        return f"{typed} is a diagnosis code. Enter it among the diagnoses."
    kind = "an ICD-10-CM code" if is_diagnosis else "a CPT, HCPCS or other service code"
    return f"{typed} has not the form of {kind}. Compare it with the request."


def _unknown(
    key: str, display: str, systems: list[str], on: date, *, is_diagnosis: bool
) -> CodeCheck:
    also_other = not is_diagnosis and System.ICD_10_CM in codes.systems_of(key)
    if also_other and Code.objects.filter(key=key, system=System.ICD_10_CM).exists():
        words = f"{codes.dotted(key)} is a diagnosis code. Enter it among the diagnoses."
        return CodeCheck(key, display, sentence=words)
    likely = Code.objects.valid(on).filter(system__in=systems, is_billable=True).below(key[:-1])
    return CodeCheck(
        key,
        display,
        system=systems[0],
        sentence=f"No code set here holds {display}. Compare it with the request, or accept it.",
        likely=tuple(likely.values_list("display", flat=True)[:MOST_LIKELY]),
        may_be_accepted=True,
    )


def _not_valid(code: Code, on: date) -> CodeCheck:
    bound = f"until {code.valid_to}" if (code.valid_to or on) < on else f"from {code.valid_from}"
    likely = (code.successor.display,) if code.successor else ()
    sentence = f"{code.display} is not valid on {on}; it is valid {bound}."
    return CodeCheck(code.key, code.display, code.system, sentence, likely)


def _header(code: Code, on: date) -> CodeCheck:
    below = Code.objects.valid(on).filter(system=code.system, is_billable=True).below(code.key)
    return CodeCheck(
        code.key,
        code.display,
        code.system,
        f"{code.display} is a heading, too general to be billed. Enter a code below it.",
        tuple(below.values_list("display", flat=True)[:MOST_LIKELY]),
    )
