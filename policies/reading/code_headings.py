"""The lines of a code table that hold no codes: headings, legends, services without a code.

They are classified by their words; a closed list would miss the next bulletin's.
"""

import re

from policies.reading.headings import stripped

_SYSTEMS = (
    ("ICD-10-PCS", r"\bICD-?\s?10[- ]?PCS\b|\bICD-?\s?10 procedure\b"),
    ("ICD-10-CM", r"\bICD-?\s?10\b"),
    ("CPT", r"\bCPT\b"),
    ("HCPCS", r"\bHCPCS\b"),
    ("CDT", r"\bCDT\b|\bADA\b|\bdental (procedure )?codes?\b"),
    ("revenue", r"\brevenue\b"),
    ("other", r"\bICD-?\s?\d*\b|\b(modifier|DRG|NDC)s?\b|\b(diagnosis|procedure) codes?\b"),
)  # fmt: skip
_SYSTEM_PATTERNS = tuple((name, re.compile(words, re.IGNORECASE)) for name, words in _SYSTEMS)
_CODE_WORD = re.compile(r"\bcodes?\b|\bmodifiers?\b|\bDRGs?\b", re.IGNORECASE)
_NEGATION = re.compile(r"\bnot covered\b|\bnon-?covered\b|\bcontraindicated\b|\bexcluded\b|"
                       r"\bnot medically necessary\b|\bnever covered\b", re.IGNORECASE)  # fmt: skip
_UNPROVEN = re.compile(r"\bexperimental\b|\binvestigational\b|\bunproven\b", re.IGNORECASE)
_COVERED = re.compile(r"\bcovered\b|\bmedically necessary\b", re.IGNORECASE)
_MET = re.compile(r"\b(if|when) selection criteria\b", re.IGNORECASE)
_VERB = re.compile(r"\b(is|was|were|must|considers?|should|will|has|have)\b|\bare (not )?cover")
_CONDITION = re.compile(r"\bcriteria\b", re.IGNORECASE)
_RELATED = re.compile(r"\brelated to\b|\bother\b", re.IGNORECASE)
_OPEN = re.compile(
    r"\bnot (an )?all[- ]inclusive\b|\bexamples? of\b|\bincluding,? but not limited\b|\be\.?g\b",
    re.IGNORECASE,
)
_LEGEND = re.compile(
    r"\bbrackets?\]? (below|has|have|was|were)\b|\b(7th|seventh) character\b.*\b(repres|shown|"
    r"indicat|marked|denoted)|^information in the\b|^(please )?notes?\b ?\d*[:.]",
    re.IGNORECASE,
)
_SERVICE = re.compile(
    r"(?P<service>.*\S)\s*[-–—:]\s*(there (is|are) )?no (specific|assigned|unique) (\S+ ){0,3}?"
    r"codes?( available| assigned| exists?)?\s*[:.]?",
    re.IGNORECASE,
)
_SERVICE_AFTER = re.compile(
    r"(there (is|are) )?no (specific|assigned|unique) (\S+ ){0,3}?codes? (available )?for (the )?"
    r"(?P<service>.*\S)",
    re.IGNORECASE,
)
LONGEST_HEADING = 400


def system_of(heading: str) -> str | None:
    """The code system that a heading names; `other` when it names two or an unknown one."""
    named = [name for name, words in _SYSTEM_PATTERNS if words.search(heading)]
    if not named:
        return None
    named = [name for name in named if name != "other"] or named
    if named[:2] == ["ICD-10-PCS", "ICD-10-CM"]:
        named.remove("ICD-10-CM")
    return named[0] if len(named) == 1 else "other"


def stance_of(heading: str) -> str:
    """What a heading says of its codes, by its words; `unknown` when it says nothing."""
    if _NEGATION.search(heading):
        return "not_covered"
    if _UNPROVEN.search(heading):
        return "experimental"
    if _COVERED.search(heading):
        return "covered_if_criteria_met" if _CONDITION.search(heading) else "covered"
    return "related" if _RELATED.search(heading) else "unknown"


def is_contradictory(heading: str) -> bool:
    """Whether a heading says that codes are not covered although the criteria are met."""
    return stance_of(heading) == "not_covered" and _MET.search(heading) is not None


def is_open(heading: str) -> bool:
    """Whether the heading says that its list names only some codes."""
    return _OPEN.search(heading) is not None


def is_group_heading(text: str) -> bool:
    """Whether a line announces codes: it names a system, and ends in a colon or says a stance."""
    if len(text) > LONGEST_HEADING or not text[0].isalpha() or system_of(text) is None:
        return False
    if not _CODE_WORD.search(text) or _SERVICE.fullmatch(text) or _SERVICE_AFTER.fullmatch(text):
        return False
    if text.endswith(":"):
        return True
    return stance_of(text) != "unknown" and text[-1] != "." and not _VERB.search(text)


def is_legend(text: str) -> bool:
    """Whether a line explains the table's signs; legends may end in a colon like headings."""
    return len(text) < 2 * LONGEST_HEADING and _LEGEND.search(text) is not None


def service_of(text: str) -> str | None:
    """The service of a line that says it has no code, else None."""
    if len(text) > 2 * LONGEST_HEADING or "no " not in text.casefold():
        return None
    found = _SERVICE.fullmatch(text) or _SERVICE_AFTER.fullmatch(text)
    return stripped(found["service"]) if found else None
