"""The codes of a bulletin as its text prints them, and which codes each of them holds.

Written from the description of code tables alone, apart from the site's reader and look-up: a
second opinion. Keys are codes without their dot.
"""

import re
from dataclasses import dataclass
from itertools import product

CODE = r"(?:[A-Z]\d{4}|[A-Z]\d[0-9A-Z](?:\.[0-9A-Za-z]{1,4})?|\d{4}[A-Z0-9]|\d{4})\+?"
SPAN = rf"{CODE}(?:\s*[-–]\s*{CODE})?"
CELL = re.compile(rf"\s*(?:\+ ?)?({SPAN}(?:, {SPAN})*)(?=\s|$)")
SYSTEMS = {"CPT": "CPT", "HCPCS": "HCPCS", "ICD-10": "ICD-10-CM", "Revenue": "revenue"}
HEADING = re.compile(r"(?:Other )?(CPT|HCPCS|ICD-10|Revenue) codes\b.*:\s*$", re.IGNORECASE)
ALPHABET = "05AXZ"


@dataclass(frozen=True)
class Element:
    """A code or a range as printed, without dots and plus signs."""

    system: str
    low: str
    high: str
    awaits_seventh: bool

    @property
    def is_single(self):
        return self.low == self.high


def elements(text):
    """Every element of the code table, in its order."""
    inside, system = False, None
    for raw in text.splitlines():
        line = raw.replace("\xa0", " ")
        if line.strip() == "Code Code Description":
            inside = True
        elif line.strip() == "Background":
            inside = False
        elif inside and (heading := HEADING.match(line)):
            named = heading[1]
            system = SYSTEMS[named if named in SYSTEMS else named.capitalize()]
        elif inside and system and (cell := CELL.match(line)):
            yield from (element(system, one) for one in re.findall(SPAN, cell[1]))


def element(system, printed):
    low, *others = [one.strip() for one in re.split(r"[-–]", printed)]
    high = others[0] if others else low
    return Element(system, key(low), key(high), low.endswith("+") or high.endswith("+"))


def key(code):
    return code.upper().replace(".", "").replace("+", "")


def system_of(code, *, is_diagnosis):
    if is_diagnosis:
        return "ICD-10-CM"
    if code[0].isalpha():
        return "HCPCS"
    return "revenue" if len(code) < 5 else "CPT"


def holds(one, code):
    """How an element holds a key: exact, range, partly, or "" for not at all.

    low <= code <= high by characters, and codes below the upper bound count. What is shorter than
    a bound that it begins is inside when all codes below it are, and partly when some are.
    """
    if code == one.low == one.high:
        return "exact"
    begins = [b for b in (one.low, one.high) if b.startswith(code) and len(b) > len(code)]
    if not begins or one.system != "ICD-10-CM":
        return "range" if _within(one, code) else ""
    below = [_within(one, each) for each in _codes_below(code, one)]
    if code == one.high and _within(one, code):
        return "range"
    return "range" if all(below) else "partly" if any(below) else ""


def _within(one, code):
    if one.is_single and not one.awaits_seventh:
        return code == one.low
    return one.low <= code and (code <= one.high or code.startswith(one.high))


def _codes_below(code, one):
    """Samples of all codes below one, the bounds among them. Where a bound has a placeholder X,
    no code has anything else there."""
    longest = max(len(one.low), len(one.high), len(code) + 1)
    ends = product(ALPHABET, repeat=longest - len(code))
    samples = {code + "".join(end) for end in ends}
    samples |= {b for b in (one.low, one.high) if b.startswith(code)}
    return [
        each
        for each in samples
        if not any(_ignores_placeholder(each, b) for b in (one.low, one.high))
    ]


def _ignores_placeholder(code, bound):
    at = next((n for n, (a, b) in enumerate(zip(code, bound, strict=False)) if a != b), None)
    return at is not None and bound[at] == "X" and at >= 3


def points(one):
    """Keys at, inside and just outside an element, below its bounds, and above them."""
    found = {one.low, one.high, before(one.low), after(one.low), before(one.high), after(one.high)}
    if one.system in ("CPT", "HCPCS") and one.low[-4:].isdigit() and one.high[-4:].isdigit():
        width = len(one.low) - (1 if one.low[0].isalpha() else 0)
        middle = (int(one.low[-width:]) + int(one.high[-width:])) // 2
        found.add(one.low[:-width] + str(middle).zfill(width))
    if one.system == "ICD-10-CM":
        for bound in (one.low, one.high):
            found |= {bound[:length] for length in range(3, len(bound))}
            if len(bound) < 7:
                found |= {bound + end for end in "0AZ"}
            if len(bound) == 6:
                found |= {bound + end for end in "DS"}
    return {each for each in found if each}


def after(code):
    """The next key of the same length, in the last place alone."""
    order = "0123456789" if code[-1].isdigit() and code[:1].isdigit() else None
    order = order or "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    at = order.find(code[-1]) + 1
    return code[:-1] + order[at] if at < len(order) else ""


def before(code):
    order = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    at = order.find(code[-1]) - 1
    return code[:-1] + order[at] if at >= 0 else ""


def typings(code, *, is_diagnosis):
    """Ways to type one key: plain, in small letters, with its dot, with the letter O for a zero."""
    ways = [code, code.lower()]
    if is_diagnosis and len(code) > 3:
        ways += [f"{code[:3]}.{code[3:]}", f"{code[:3]}.{code[3:]}".lower()]
    if "0" in code[1:]:
        ways.append(code[0] + code[1:].replace("0", "O"))
    return ways
