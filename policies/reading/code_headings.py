"""The lines of a code table that announce or explain codes: headings and legends.

They are classified by their words; a closed list would miss the next bulletin's.
"""

import re
from functools import lru_cache

from policies.reading.services import service_of

_HYPHEN = r"\s?[-\u2010-\u2015]?\s?"
_ICD_10 = rf"\b(?:ICD|IDC){_HYPHEN}10"
_SYSTEMS = (
    ("ICD-10-PCS", rf"{_ICD_10}{_HYPHEN}PCS\b|{_ICD_10} procedure\b"),
    ("ICD-10-CM", rf"{_ICD_10}\b"),
    ("CPT", r"\b(?:CPT|CTP)\b"),
    ("HCPCS", r"\b(?:HCPCS?|HCPSC|HCPC's)\b"),
    ("CDT", r"\bCDT\b|\bADA\b|\bdental (procedure )?codes?\b"),
    ("revenue", r"\brevenue\b"),
    (
        "other",
        (rf"\bICD{_HYPHEN}\d*\b|\b(modifier|DRG|NDC|APC)s?\b|\bplaces? of service\b"
         r"|\b(diagnosis|procedure|(type of )?bill( type)?) codes?\b"),
    ),
)  # fmt: skip
_SYSTEM_PATTERNS = tuple((name, re.compile(words, re.IGNORECASE)) for name, words in _SYSTEMS)
_CODE_WORD = re.compile(r"\bcodes?\b|\bmodifiers?\b|\bDRGs?\b", re.IGNORECASE)
_SHORT = re.compile(
    r"(?:other |cpt |hcpcs |and |/ ?)*(?:modifiers?|places? of service)\b", re.IGNORECASE
)
_ANY_CODES = re.compile(r"(other |the following )?codes? ", re.IGNORECASE)
_NEGATION = re.compile(
    r"\b(not|never) (\w+ ){0,2}?covered\b|\bnon-?covered\b|\bcontraindicated\b|\bexcluded\b"
    r"|\bnot (\w+ )?medically necessary\b",
    re.IGNORECASE,
)
_UNPROVEN = re.compile(r"\bexperimental\b|\binvestigational\b|\bunproven\b", re.IGNORECASE)
_COVERED = re.compile(r"\bcovered\b|\bmedically necessary\b", re.IGNORECASE)
_MET = re.compile(
    r"\b(if|when) (the )?(selection )?criteria (are|is) (?P<not>not )?", re.IGNORECASE
)
_VERB = re.compile(r"\b(is|was|were|must|considers?|should|will|has|have)\b|\bare (not )?cover")
_CONDITION = re.compile(r"\bcriteria\b", re.IGNORECASE)
_RELATED_TO = re.compile(r"\brelated to\b", re.IGNORECASE)
_RELATED = re.compile(r"\brelated to\b|\bother\b", re.IGNORECASE)
_ASIDE = re.compile(r"\[[^\]]*\]?|\([^)]*\)?")
_OPEN = re.compile(
    r"\bnot[ -](an[ -])?all[- ]inclusive\b|\bexamples? of\b|\be\.?g\b"
    r"|\b(includ\w+|but),? (but )?(is |are )?not limited\b",
    re.IGNORECASE,
)
_LEGEND = re.compile(
    r"\bbrackets?\]? (below|has|have|was|were)\b|\b(7th|seventh) character\b.*\b(repres|shown|"
    r"indicat|marked|denoted)|^information in the\b|^(please )?notes?\b ?\d*[:.]"
    r"|^[*†‡§^#+]+ ?(denotes?|indicates?|represents?|means?|=)",
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
    """What a heading says of its codes, by its words; `unknown` when it says nothing.

    Brackets narrow what stands before them, and only speak where nothing else does.
    """
    words = _ASIDE.sub(" ", heading)
    stance = _stance(words)
    is_said = stance not in ("unknown", "related") or _RELATED_TO.search(words)
    return stance if is_said else _stance(heading)


def _stance(words: str) -> str:
    if _NEGATION.search(words):
        return "not_covered"
    if _UNPROVEN.search(words):
        return "experimental"
    if _COVERED.search(words):
        return "covered_if_criteria_met" if _CONDITION.search(words) else "covered"
    return "related" if _RELATED.search(words) else "unknown"


def is_contradictory(heading: str) -> bool:
    """Whether a heading ties cover to the criteria the wrong way round: not covered although
    they are met, or covered when they are not."""
    met = _MET.search(heading)
    if met is None:
        return False
    return (stance_of(heading) == "not_covered") == (met["not"] is None)


@lru_cache(maxsize=256)
def shapes_of(heading: str) -> tuple[str, ...]:
    """The shapes of codes to look for under a heading: of each system that it names."""
    named = [name for name, words in _SYSTEM_PATTERNS if words.search(heading)]
    if _SHORT.match(heading):
        return ("short",)
    known = tuple(name for name in named if name != "other")
    if known:
        return known
    return ("other",) if named else ("CPT", "ICD-10-CM")


def is_open(heading: str) -> bool:
    """Whether the heading says that its list names only some codes."""
    return _OPEN.search(heading) is not None


def is_group_heading(text: str) -> bool:
    """Whether a line announces codes: it names a system, and ends in a colon or says a stance."""
    if len(text) > LONGEST_HEADING or not text[0].isalpha() or text[1:2].isdigit():
        return False  # a code begins the line
    if system_of(_ASIDE.sub(" ", text)) is None and not _announces_codes(text):
        return False
    if not _CODE_WORD.search(text) or service_of(text) is not None:
        return False
    if text.endswith(":"):
        return True
    return stance_of(text) != "unknown" and text[-1] != "." and not _VERB.search(text)


def _announces_codes(text: str) -> bool:
    """ "Codes not covered for ...": a stance for codes whose system their shape tells."""
    return _ANY_CODES.match(text) is not None and stance_of(text) != "unknown"


def is_legend(text: str) -> bool:
    """Whether a line explains the table's signs; legends may end in a colon like headings."""
    return len(text) < 2 * LONGEST_HEADING and _LEGEND.search(text) is not None
