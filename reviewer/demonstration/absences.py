"""Who is out when the demonstration begins, and who is soon."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from reviewer.models import Reviewer
from reviewer.time import local_day
from reviewer.workflow.absences import record_absence


@dataclass(frozen=True)
class Away:
    """Days from the day of loading; without a cover nobody takes the work."""

    who: str
    cover: str
    starts: int
    ends: int


ABSENCES: Final = (
    Away("jsantos", "rokafor", -1, 6),
    Away("nwhitfield", "sadeyemi", 8, 11),
    Away("cbeaumont", "", 12, 16),
)


def enter_absences(people: dict[str, Reviewer], *, at: datetime) -> None:
    today = local_day(at)
    for away in ABSENCES:
        record_absence(
            reviewer=people[away.who],
            cover=people[away.cover] if away.cover else None,
            starts_on=today + timedelta(days=away.starts),
            ends_on=today + timedelta(days=away.ends),
            by=people["gmoreno"],
            at=at,
        )
