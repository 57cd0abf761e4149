"""Headings: which lines can be one, what kind of section they open, and their anchors.

Text copied from a page has lost its heading levels; a heading is a short bare line, told from a
short sentence by its words.
"""

import re

from policies.reading.criteria import quantifier

_KINDS = (
    ("brand_selection", r"\bbrand selection\b|\bpreferred (brand|product)"),
    ("scope", r"\bscope\b"),
    ("related", r"\brelated (\w+ )?(polic|bulletin|cpb)"),
    ("limitations", r"\blimitations?\b|\bexclusions?\b"),
    ("experimental", r"\bexperimental\b|\binvestigational\b|\bunproven\b"),
    ("cosmetic", r"\bcosmetic\b"),
    ("dosage", r"\bdosage\b|\bdosing\b"),
    ("criteria", r"\bcriteria\b|\bcontinuation of|\binitial approval|\bprescriber|\bdocumentation"),
    ("medical_necessity", r"\bmedical(ly)? necess"),
)  # fmt: skip
_KIND_PATTERNS = tuple((kind, re.compile(words, re.IGNORECASE)) for kind, words in _KINDS)
_TOP = {
    "policy": "other",
    "policy history": "history",
    "background": "background",
    "references": "references",
    "reference": "references",
    "table of contents": "contents",
    "contents": "contents",
}
_APPENDIX = re.compile(r"(appendix|appendices)\b", re.IGNORECASE)
_PLAIN_HEADINGS = re.compile(
    r"scope of policy|medical necessity|cosmetic|experimental(,| and) investigational.{0,20}"
    r"|(policy )?limitations and exclusions|related policies|criteria for initial approval"
    r"|continuation of therapy|dosage and administration|brand selection|prescriber specialt\w+"
    r"|documentation( requirements)?",
    re.IGNORECASE,
)
_SYSTEM = (
    r"(?:CPT|HCPCS|ICD[- ]?10(?:[- ](?:CM|PCS))?|CDT|ADA|Revenue|Modifier)"
    r"(?: Procedure| Diagnosis)?"
)
_CODES = re.compile(
    rf"(applicable )?{_SYSTEM}( codes?)?((,? ?/ ?|,? and |, ?| & ){_SYSTEM}( codes?)?)*( codes)?"
    r"|(applicable )?(\S+ codes?|[A-Z][\w-]+)( / (\S+ codes?|[A-Z][\w-]+))+( codes)?"
    r"|codes?( codes?)? descriptions?",
    re.IGNORECASE,
)
_TABLE = re.compile(r"table ?: ?(?=\S)", re.IGNORECASE)
# Words that make a sentence. Only in lower case: titles capitalise them.
_VERB = re.compile(
    r"\b(is|are|was|were|be|has|have|had|must|should|will|does|do|considers?|addresses|refers?"
    r"|includes?|following|when|if|met|see)\b"
)
_DOSE = re.compile(
    r"\d ?(m?c?g|m?l|units?|iu|kg|%)(/|\b)|: ?[<>\u2264\u2265]?\d+(\.\d+)?\b", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_]{2}")
_REMARK = re.compile(r"note|CPB \d|(source|key|legend|abbreviations): ?\S", re.IGNORECASE)
_PREPOSITION = re.compile(r"(for|in|at|on|with|if|by|as|to)\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[a-z)]{3}\. [A-Z]")
_NOT_IN_SLUG = re.compile(r"[^a-z0-9]+")
_LONGEST = 150
_MOST_WORDS = 20
_LONGEST_SLUG = 40


def stripped(heading: str) -> str:
    """A heading without its closing colon."""
    return heading.rstrip(" :")


def kind_of(heading: str) -> str:
    """The kind of section that a heading inside the policy opens, by its words."""
    for kind, words in _KIND_PATTERNS:
        if words.search(heading):
            return kind
    return "other"


def top_kind(heading: str) -> str | None:
    """The kind, when this heading always stands at the top of a bulletin."""
    if len(heading) > _LONGEST:
        return None
    if _APPENDIX.match(heading) and can_be_heading(heading):
        return "appendix"
    return _TOP.get(stripped(heading).casefold())


def is_code_caption(text: str) -> bool:
    """Whether the words name a table of codes: `CPT Codes / HCPCS Codes`, `Code Description`."""
    if text.endswith(":") and "/" not in text:
        return False  # "CPT codes:" announces those below it
    words = _TABLE.sub("", stripped(text), count=1)
    if len(words) > _LONGEST or "code" not in words.casefold():
        return False
    return _CODES.fullmatch(words) is not None


def is_plain_heading(text: str) -> bool:
    """Whether the words are a section heading by themselves, whatever stands around them."""
    return len(text) < _LONGEST and _PLAIN_HEADINGS.fullmatch(stripped(text)) is not None


def can_be_heading(text: str) -> bool:
    """Whether a bare line reads as a title and not as a sentence."""
    if len(text) > _LONGEST or len(text.split()) > _MOST_WORDS or text[-1] in ".;,!?":
        return False
    if text.endswith(":") and quantifier(text).is_logical:
        return False
    if not (text[0].isupper() or text[0].isdigit()) or _REMARK.match(text):
        return False
    if _DOSE.search(text) or not _WORD.search(text):
        return False
    return not _VERB.search(text) and not _SENTENCE_END.search(text)


def introduces(text: str) -> bool:
    """Whether a line with a colon announces what follows, and is no title."""
    if not text.endswith(":") or kind_of(text) != "other":
        return False
    words = text.split()
    capitals = sum(word[0].isupper() for word in words[1:] if len(word) > 3)
    long = sum(len(word) > 3 for word in words[1:])
    is_title = len(words) < 5 or 2 * capitals >= long > 0
    return not is_title or _PREPOSITION.match(text) is not None


def slug(heading: str) -> str:
    """A heading as an anchor: lower case, hyphens, cut at a word."""
    words = _NOT_IN_SLUG.sub("-", heading[:_LONGEST].casefold()).strip("-")
    if len(words) > _LONGEST_SLUG:
        words = words[: _LONGEST_SLUG + 1].rpartition("-")[0] or words[:_LONGEST_SLUG]
    return words or "section"


class Anchors:
    """Gives out each anchor once: `limitations`, then `limitations-b`, `limitations-c`."""

    def __init__(self) -> None:
        self._given: set[str] = set()
        self._times: dict[str, int] = {}

    def take(self, wanted: str) -> str:
        """The wanted anchor, or the first free one that continues it."""
        anchor = wanted
        while anchor in self._given:
            self._times[wanted] = self._times.get(wanted, 1) + 1
            anchor = f"{wanted}-{letters(self._times[wanted])}"
        self._given.add(anchor)
        return anchor


def letters(number: int) -> str:
    """1 gives a, 26 gives z, 27 gives aa."""
    text = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("a") + rest) + text
    return text


def roman(number: int) -> str:
    """1 gives I, 4 gives IV; numbers that roman numerals do not write stay decimal."""
    if not 0 < number < 4000:
        return str(number)
    text = ""
    for value, sign in _ROMAN:
        times, number = divmod(number, value)
        text += sign * times
    return text


_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"),
    (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip


def label(ordinal: int, depth: int) -> str:
    """The label in print of a numbered item: I, A, 1, a, and from the fifth depth i, 1."""
    if depth == 1:
        return roman(ordinal)
    if depth == 2:
        return letters(ordinal).upper()
    if depth == 4:
        return letters(ordinal)
    if depth == 5:
        return roman(ordinal).lower()
    return str(ordinal)
