"""Descriptions of codes: the plan's notes in brackets, and the part that later rows continue."""

import re

from policies.reading.lines import clean

_BRACKETS = re.compile(r"[][()]")
LONGEST_COMMON_PART = 4000  # characters; it is repeated in every row that continues it


def brackets_of(text: str) -> tuple[tuple[str, ...], bool]:
    """The texts in square brackets, inner brackets kept inside, and whether all are closed."""
    if "[" not in text:
        return (), True
    found = []
    depth = start = 0
    for position, character in enumerate(text):
        if character == "[":
            depth += 1
            start = position + 1 if depth == 1 else start
        elif character == "]" and depth:
            depth -= 1
            if depth == 0:
                found.append(text[start:position].strip())
    if depth:
        found.append(text[start:].strip())
    return tuple(found), depth == 0


def common_part(description: str) -> str:
    """A description up to its first semicolon outside brackets, which is kept."""
    if ";" not in description:
        return ""
    depth = 0
    kept = []
    for character in description[:LONGEST_COMMON_PART]:
        depth += (character == "[") - (character == "]" and depth > 0)
        if depth == 0 and character != "]":
            kept.append(character)
            if character == ";":
                return clean("".join(kept)).replace(" ;", ";")
    return ""


def unmatched(text: str) -> tuple[int, int]:
    """How many brackets, round or square, a text leaves open, and closes without opening."""
    opened = closed = 0
    for found in _BRACKETS.finditer(text):
        if found[0] in "([":
            opened += 1
        elif opened:
            opened -= 1
        else:
            closed += 1
    return opened, closed
