"""Descriptions of codes: the plan's notes in brackets, and the part that later rows continue."""

from policies.reading.lines import clean


def brackets_of(text: str) -> tuple[tuple[str, ...], bool]:
    """The texts in square brackets, inner brackets kept inside, and whether all are closed."""
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
    depth = 0
    kept = []
    for character in description:
        depth += (character == "[") - (character == "]" and depth > 0)
        if depth == 0 and character != "]":
            kept.append(character)
            if character == ";":
                return clean("".join(kept)).replace(" ;", ";")
    return ""


def unmatched(text: str) -> tuple[int, int]:
    """How many brackets, round or square, a text leaves open, and closes without opening."""
    opened = closed = 0
    for character in text:
        if character in "([":
            opened += 1
        elif character in ")]":
            if opened:
                opened -= 1
            else:
                closed += 1
    return opened, closed
