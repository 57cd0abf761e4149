"""The table "Authorization" of a code page: lines of business with one answer stand together."""

from dataclasses import dataclass
from datetime import date

from policies.authorization import Authorization, Outcome, by_line_of_business
from policies.models import LineOfBusiness


@dataclass(frozen=True, slots=True)
class AuthorizationRow:
    """An answer with the lines of business that it is for; none named, for every one."""

    lines: tuple[str, ...]
    answer: Authorization
    sentence: str


def authorization_rows(key: str, *, on: date, state: str) -> tuple[AuthorizationRow, ...]:
    """What the authorization list says on the day, in the order of the lines of business."""
    told: dict[str, tuple[Authorization, list[str]]] = {}
    for line, answer in by_line_of_business(key, on, state=state).items():
        said = _without(line, answer)
        told.setdefault(said, (answer, []))[1].append(line.label)
    is_for_all = len(told) == 1
    return tuple(
        AuthorizationRow(() if is_for_all else tuple(lines), answer, said)
        for said, (answer, lines) in told.items()
    )


def _without(line: LineOfBusiness, answer: Authorization) -> str:
    """Absence is told of each line by its name, which stands beside the sentence already."""
    if answer.outcome is not Outcome.NOT_LISTED:
        return answer.sentence
    return answer.sentence.replace(f" for {line.label}", "", 1)
