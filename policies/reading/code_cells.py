"""The cell of codes at the start of a table's line: single codes, ranges and lists of both."""

import re
from dataclasses import dataclass, field
from functools import cache

from policies.reading.codes import AFTER_EVERY_CODE, normalise
from policies.reading.document import CodeSpan

# "x" for the placeholder X is the only small letter that codes are printed with.
_ICD_10_CM = r"[A-Z]\d[0-9A-Z]\.[0-9A-Zx]{1,4}"
_ICD_10_CM_CATEGORY = r"[A-Z]\d[0-9A-Z]"
# Without its dot, or with a blank after it; read, and reported.
_ICD_10_CM_BROKEN = r"(?P<broken>[A-Z]\d[\dAB]\. [0-9][0-9A-Zx]{0,3})"
_ICD_10_CM_UNDOTTED = r"(?P<undotted>[A-Z]\d[\dAB][0-9A-Zx]{1,4})"
_FIVE = r"\d{5}|\d{4}[A-Z]|[A-Z]\d{4}"
_ICD_10_PCS = r"(?=\w*\d)[0-9BCDFGHX][0-9A-HJ-NP-Z]{6}"
_REVENUE = r"\d{3}[\dXx]?"
_SHORT = r"(?=[0-9A-Z]{2}\b)(?:\d[0-9A-Z]|[A-Z][0-9A-Z])"  # modifiers, places of service
_ANY = r"(?=[\w.]*\d)[0-9A-Z][0-9A-Z.]{1,7}"
_END = r"(?![\w.]*\w)"
# What a cell may hold beside the codes of its group: publishers mix CPT and HCPCS freely.
_SHAPES = {
    "CPT": (_FIVE,),
    "HCPCS": (_FIVE,),
    "CDT": (_FIVE,),
    "ICD-10-CM": (
        _ICD_10_CM,
        _ICD_10_CM_BROKEN,
        _ICD_10_CM_CATEGORY,
        _FIVE,
        _ICD_10_CM_UNDOTTED,
    ),
    "ICD-10-PCS": (_ICD_10_PCS,),
    "revenue": (_REVENUE,),
    "short": (_SHORT,),
    "other": (_ICD_10_CM, _FIVE, _ICD_10_CM_CATEGORY, _ICD_10_PCS, _ANY),
}
_UNMISTAKABLE = (_ICD_10_CM, _FIVE)  # where no comma announces a code


def _pattern(shapes: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?P<add_on>\+\s*)?(?P<code>{'|'.join(shapes)})(?P<seventh>\+)?{_END}")


@cache
def _codes(systems: tuple[str, ...]) -> re.Pattern[str]:
    shapes = [shape for system in systems for shape in _SHAPES[system]]
    return _pattern((*shapes, *_UNMISTAKABLE))


_NEXT = _pattern(_UNMISTAKABLE)
_DAGGER = re.compile(r"[*†‡§^®]+(?=[\s,;]|$)")
_MODIFIER = re.compile(r"-(?P<modifier>[A-Z0-9]{2})(?=[\s,;]|$)")
_DASH = re.compile(r"\s*(?:[-\u2010-\u2014\u2212]{1,2}|\b(?:to|through|thru)\b)\s*")
_SEPARATOR = re.compile(r"\s*(?:[,;]\s*(?:and\s+|or\s+)?|&\s*|/\s*|\band\s+)")
_BLANK = re.compile(r"\s+")
_UNFINISHED = re.compile(r"[,;&/+\-\u2010-\u2014\u2212]\s*$|^\s*$")
_OPEN_RANGE = re.compile(r"\s*[-\u2010-\u2014\u2212]\s*")


@dataclass(slots=True)
class Cell:
    """The spans read, the marks on them, where the description begins, and what is doubtful."""

    spans: list[CodeSpan] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)  # daggers and asterisks
    end: int = 0
    open_range: bool = False  # the line ends with the dash of a range
    doubts: list[str] = field(default_factory=list)


def read_cell(text: str, *systems: str) -> Cell | None:
    """The codes with which a text begins, or None. The systems are those of the group."""
    text = _first_cell(text)
    codes = _codes(systems)
    cell = Cell()
    found = codes.match(text)
    while found:
        _add(cell, text, found, codes)
        if cell.open_range:
            break
        separator = _SEPARATOR.match(text, cell.end)
        if separator:
            found = codes.match(text, separator.end())
            if not found and not text[separator.end() :].strip():
                cell.end = len(text)  # the list goes on in the next line
            continue
        blank = _BLANK.match(text, cell.end)
        found = _NEXT.match(text, blank.end()) if blank else None
        if found:
            cell.doubts.append(f"no comma before {found['code']}")
    return cell if cell.spans else None


def _first_cell(text: str) -> str:
    """A tab ends the cell, unless a list or a range goes on behind it."""
    first, tab, _ = text.partition("\t")
    return text if not tab or _UNFINISHED.search(first) else first


def _add(cell: Cell, text: str, found: re.Match[str], codes: re.Pattern[str]) -> None:
    first, is_seventh, end = found["code"], bool(found["seventh"]), found.end()
    last = first
    end = _skip_mark(cell, text, end)
    dash = _DASH.match(text, end)
    upper = codes.match(text, dash.end()) if dash else None
    if upper and _can_end(first, upper["code"]):
        last, end = upper["code"], _skip_mark(cell, text, upper.end())
        is_seventh = is_seventh or bool(upper["seventh"])
        if normalise(last) + AFTER_EVERY_CODE < normalise(first):
            cell.doubts.append(f"the range {first} - {last} ends before it begins")
    elif dash and dash.end() == len(text) and _OPEN_RANGE.fullmatch(dash[0]):
        cell.open_range = True
        end = len(text)
    cell.end = end
    for one in (found, upper) if last != first else (found,):
        spoilt = one.groupdict() if one else {}
        if spoilt.get("broken") or spoilt.get("undotted"):
            cell.doubts.append(f"{spoilt['code']} lacks its dot or holds a blank")
    cell.end = _skip_modifier(cell, text, first)
    low, high = _printed(first), _printed(last)
    cell.spans.append(
        CodeSpan(low, low if high == low else high, bool(found["add_on"]), is_seventh)
    )


def _skip_mark(cell: Cell, text: str, end: int) -> int:
    mark = _DAGGER.match(text, end)
    if not mark:
        return end
    cell.marks.append(mark[0])
    return mark.end()


def _can_end(first: str, last: str) -> bool:
    """Bounds are of one kind: both begin with a letter, or both with a digit."""
    return first[0].isdigit() == last[0].isdigit()


def _skip_modifier(cell: Cell, text: str, code: str) -> int:
    """A modifier narrows its code; it is kept as a mark and reported."""
    found = _MODIFIER.match(text, cell.end) if _is_five(code) else None
    if not found:
        return cell.end
    cell.marks.append(found["modifier"])
    cell.doubts.append(f"the modifier {found['modifier']} follows {code}")
    return found.end()


def _is_five(code: str) -> bool:
    return len(code) == 5 and "." not in code


def _printed(code: str) -> str:
    return code.replace("x", "X").replace(" ", "")
