"""Rows of an authorization list as a file states them, and what is wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from policies.authorization.precedence import plain
from policies.models import AuthorizationRule, Requirement
from policies.wording import line_of_business

Key = tuple[str, str, str, str, str, str]  # system, bounds, line of business, plan, state
_SHOWN = 200  # faults told one by one


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that cannot be taken: what is wrong and what to do."""

    line: int  # 0: the file as a whole
    sentence: str

    def __str__(self) -> str:
        return f"Line {self.line:,}: {self.sentence}" if self.line else self.sentence


class NotAList(ValueError):
    """The file is not stored; `faults` names every line to be mended."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.told()))

    def told(self) -> list[str]:
        """A sentence a fault, as many as a person can mend in one go."""
        said = [str(one) for one in self.faults[:_SHOWN]]
        if len(self.faults) > _SHOWN:
            said.append(f"And {len(self.faults) - _SHOWN:,} more lines.")
        return said


def refuse(sentence: str) -> NotAList:
    """A refusal of the file as a whole."""
    return NotAList([Fault(0, sentence)])


@dataclass(frozen=True, slots=True)
class Listed:
    """One row as a line of the file states it; several where its line names several lines of
    business, plans or states."""

    line: int
    system: str
    low: str
    high: str
    lower: str
    upper: str
    requirement: str
    line_of_business: str
    plan: str
    state: str
    valid_from: date
    valid_to: date | None
    note: str

    @property
    def key(self) -> Key:
        plan = plain(self.plan)
        return self.system, self.lower, self.upper, self.line_of_business, plan, self.state

    @property
    def needed(self) -> str:
        return str(Requirement(self.requirement).label)

    @property
    def whom(self) -> str:
        """For whom, in words: "Medicaid managed care, TX"."""
        line = line_of_business(self.line_of_business) or "every line of business"
        plan = f"plan {self.plan}" if self.plan else ""
        return ", ".join(one for one in (line, plan, self.state) if one)

    @property
    def printed(self) -> str:
        return self.low if self.low == self.high else f"{self.low} - {self.high}"

    def beginning(self, first: date) -> "Listed":
        return replace(self, valid_from=first)

    def says_as(self, rule: AuthorizationRule) -> bool:
        """Whether a stored row says the same, days aside."""
        return (self.requirement, self.note) == (rule.requirement, rule.note)


def key_of(rule: AuthorizationRule) -> Key:
    """What a stored row speaks of; rows of one key are about the same codes and people."""
    plan = plain(rule.plan)
    return rule.system, rule.lower, rule.upper, rule.line_of_business, plan, rule.state
