"""What is asked for and not named, named and not cited, asked for and nearly always granted."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from policies.models import AuthorizationRule, Code, CodeSpan, Requirement, Version
from policies.reading import codes
from policies.reading.codes import Membership
from policies.reading.document import CodeSpan as PrintedSpan
from policies.stages import current
from policies.usage import Code as Key
from policies.usage import Decided, Usage

FEWEST = 10  # decided lines, for a share to say something
SHARE = 95  # percent approved as asked
FEW = 3  # smaller counts are not told


@dataclass(frozen=True, slots=True)
class Unnamed:
    """A code that was requested and that no bulletin names."""

    system: str
    display: str
    words: str
    count: int

    @property
    def told(self) -> str:
        return f"{self.count:,}" if self.count >= FEW else f"fewer than {FEW}"


@dataclass(frozen=True, slots=True)
class Easy:
    """A code on the authorization list, and how many of the lines that its rule is for came to a
    decision and to an approval."""

    rule: AuthorizationRule
    system: str
    display: str
    words: str
    approved: int
    decided: int


def unnamed(used: Usage, on: date) -> list[Unnamed]:
    """Codes requested that no version holding on the day names, the most requested first."""
    missing = set(used.requested) - _named(used.requested, on)
    described = _described(missing)
    found = [
        Unnamed(code[0], *described.get(code, (code[1], "")), used.requested[code])
        for code in missing
    ]
    return sorted(found, key=lambda one: (-one.count, one.system, one.display))


def uncited(used: Usage, on: date) -> QuerySet[Version]:
    """Versions that hold on the day, of bulletins that no decision of the period rests on."""
    versions = Version.objects.filter(current(on)).exclude(bulletin__in=list(used.cited))
    related = versions.select_related("bulletin__owner", "publication")
    return related.defer("content", "source_bytes", "not_understood", "legends")


def easy_rules(used: Usage, on: date) -> list[Easy]:
    """Codes for which prior authorization is needed on the day, and which are nearly always
    approved as asked, the most decided first. Three queries."""
    enough = {code for code, count in _by_code(used.decided).items() if count >= FEWEST}
    if not enough:
        return []
    goes_on = Q(valid_to__isnull=True) | Q(valid_to__gte=on)
    rules = AuthorizationRule.objects.holding(*sorted(key for _, key in enough)).filter(
        goes_on, valid_from__lte=on, requirement=Requirement.PRIOR_AUTHORIZATION
    )
    described = _described(enough)
    found = []
    for rule in rules:
        for code in sorted(enough):
            if code[0] == rule.system and _holds(rule, code[1]):
                approved, decided = _under(rule, code, used)
                if decided >= FEWEST and approved * 100 >= SHARE * decided:
                    words = described.get(code, (code[1], ""))
                    found.append(Easy(rule, code[0], *words, approved, decided))
    return sorted(found, key=lambda one: (-one.decided, one.system, one.display))


def _named(asked: Collection[Key], on: date) -> set[Key]:
    """Those of the codes that a version names by itself or by a range. One query."""
    in_order = sorted(asked)
    held = (
        CodeSpan.objects.holding(*{key for _, key in asked}) if asked else CodeSpan.objects.none()
    )
    spans = held.filter(version__in=Version.objects.filter(current(on))).values_list(
        "system", "lower", "upper", "low", "high", "is_add_on", "has_seventh_character"
    )
    found: set[Key] = set()
    for system, lower, upper, low, high, is_add_on, has_seventh in spans:
        printed = PrintedSpan(low, high, is_add_on, has_seventh)
        for place in range(bisect_left(in_order, (system, lower)), len(in_order)):
            code = in_order[place]
            if code[0] != system or code[1] > upper:
                break
            if codes.membership(code[1], printed) != Membership.OUTSIDE:
                found.add(code)
    return found


def _holds(rule: AuthorizationRule, key: str) -> bool:
    printed = PrintedSpan(rule.low, rule.high, add_on=False, seventh_character=False)
    return codes.membership(key, printed) in (Membership.EXACT, Membership.RANGE)


def _under(rule: AuthorizationRule, code: Key, used: Usage) -> tuple[int, int]:
    """Lines approved and decided with the code, among those that the rule is for."""
    kinds = [
        kind
        for kind in used.decided
        if kind.code == code
        and rule.line_of_business in ("", kind.line_of_business)
        and rule.plan in ("", kind.plan)
        and rule.state in ("", kind.state)
    ]
    return sum(used.approved[one] for one in kinds), sum(used.decided[one] for one in kinds)


def _by_code(decided: Counter[Decided]) -> Counter[Key]:
    counts: Counter[Key] = Counter()
    for kind, count in decided.items():
        counts[kind.code] += count
    return counts


def _described(asked: Collection[Key]) -> dict[Key, tuple[str, str]]:
    """Codes as displayed, with the newest words for them, where a release has them. Two queries."""
    known = Code.objects.filter(key__in={key for _, key in asked}).described()
    found: dict[Key, tuple[str, str]] = {}
    for code in known.order_by("valid_from"):
        said = next(iter(code.descriptors.all()), None)
        found[code.system, code.key] = code.display, said.short if said else ""
    return found
