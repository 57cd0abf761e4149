"""Services without a code: the lines of a code table that say there is none."""

import re

from policies.reading.headings import stripped

_NO_CODE = (
    r"(?:there (?:is|are) )?no (?:(?:specific|assigned|unique) (?:\S+ ){0,3}?|(?:CPT|HCPCS|CDT) )"
    r"codes?(?: available| assigned| exists?)?"
)
_NOTES = r"(?P<notes>(?: ?\[[^\[\]]*\])*)"
_SERVICE = re.compile(
    rf"(?P<service>.*\S)(?:\s*[-–—:]\s*|, (?={_NO_CODE}))(?:{_NO_CODE}|code not available)"
    rf"\s*[:.]?{_NOTES}|(?P<before>.*\S) \({_NO_CODE}\)[:.]?",
    re.IGNORECASE,
)
_SERVICE_AFTER = re.compile(
    r"(there (is|are) )?no (specific|assigned|unique) (\S+ ){0,3}?codes? (available )?for (the )?"
    r"(?P<service>(?!following\b).*\S)",
    re.IGNORECASE,
)
_NO_CODES_FOLLOW = re.compile(
    r"(there (is|are) )?no (specific|assigned|unique) (\S+ ){0,3}?"
    r"(codes? (available )?for ((the )?following|these)|codes (available )?for (the )?\w+)"
    r"( \w+){0,3}:",
    re.IGNORECASE,
)
_SERVICE_IN_CELL = re.compile(
    r"(?:no (?:specific|assigned|unique) codes?|code not available)(?:\s*[-–—:,]\s*| )"
    r"(?P<service>.*\S)",
    re.IGNORECASE,
)
_UNLISTED = re.compile(
    r"(numerous|multiple|various|too (many|numerous)) (options?|codes?|to list)\b", re.IGNORECASE
)
_MOST_SERVICE = 8000  # characters; some lines name every product there is
_LONGEST_HEADING = 400


def leaves_codes_out(text: str) -> bool:
    """Whether a line says that there are too many codes to list."""
    return _UNLISTED.match(text) is not None


def announces_services(text: str) -> bool:
    """Whether a line says that the lines below it have no codes."""
    return len(text) <= _LONGEST_HEADING and _NO_CODES_FOLLOW.fullmatch(text) is not None


def service_of(text: str) -> str | None:
    """The service of a line that says it has no code, with its notes, else None."""
    words = text.casefold()
    if announces_services(text):
        return None
    if len(text) > _MOST_SERVICE or "code" not in words or "no" not in words:
        return None
    found = _SERVICE.fullmatch(text)
    if found:
        notes = (found["notes"] or "").strip()
        return f"{stripped(found['before'] or found['service'])} {notes}".strip()
    found = _SERVICE_AFTER.fullmatch(text) or _SERVICE_IN_CELL.fullmatch(text)
    return stripped(found["service"]) if found else None
