"""The facts a deadline is computed from, and how a list of them is asked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from reviewer.clocks.errors import ClockError
from reviewer.clocks.moments import At, Moment, moment_of


class EventType(StrEnum):
    RECEIVED = "received"
    MISFILED_RECEIVED = "misfiled_received"
    NECESSARY_INFORMATION_RECEIVED = "necessary_information_received"
    INFORMATION_REQUESTED = "information_requested"
    DEFICIENCY_NOTICE_SENT = "deficiency_notice_sent"
    INFORMATION_RECEIVED = "information_received"
    EXTENSION_NOTICE_SENT = "extension_notice_sent"
    EXTENSION_REQUESTED = "extension_requested"
    EXTENSION_DECIDED = "extension_decided"
    EXTENSION_WITHDRAWN = "extension_withdrawn"
    URGENCY_ATTESTED = "urgency_attested"
    EXPEDITE_REFUSED = "expedite_refused"
    ORAL_NOTICE_GIVEN = "oral_notice_given"
    DECISION_NOTICE_SENT = "decision_notice_sent"
    WRITTEN_NOTICE_SENT = "written_notice_sent"
    DETERMINATION_MADE = "determination_made"
    NOTICE_DATED = "notice_dated"
    NOTICE_SENT = "notice_sent"
    NOTICE_RECEIVED = "notice_received"
    APPEAL_RECEIVED = "appeal_received"
    AFFIRMED = "affirmed"
    LIMIT_EXPIRED = "limit_expired"
    IRE_RECEIVED = "ire_received"
    REVERSAL_NOTICE_RECEIVED = "reversal_notice_received"
    REVERSAL_DECIDED = "reversal_decided"
    EFFECTIVE_DATE = "effective_date"
    FILING_PERIOD_ENDS = "filing_period_ends"
    EXTERNAL_REVIEW_REQUESTED = "external_review_requested"
    PRELIMINARY_REVIEW_COMPLETED = "preliminary_review_completed"
    ELIGIBILITY_CONFIRMED = "eligibility_confirmed"
    ASSIGNED_TO_IRO = "assigned_to_iro"
    IRO_NOTICE_RECEIVED = "iro_notice_received"
    CLAIMANT_INFORMATION_RECEIVED = "claimant_information_received"
    IRO_RECEIVED = "iro_received"
    EXPLANATION_REQUESTED = "explanation_requested"
    IMMEDIATE_REVIEW_REJECTED = "immediate_review_rejected"
    GRIEVANCE_RECEIVED = "grievance_received"
    INCIDENT_OCCURRED = "incident_occurred"
    CLAIM_ACTION_TAKEN = "claim_action_taken"
    PEER_TO_PEER_REQUESTED = "peer_to_peer_requested"
    PEER_TO_PEER_MADE_AVAILABLE = "peer_to_peer_made_available"
    FORWARDED_TO_IRE = "forwarded_to_ire"


KNOWN_IN_ADVANCE = {EventType.EFFECTIVE_DATE, EventType.FILING_PERIOD_ENDS}
# What comes from outside: the plan only learns when it came, and may have read that wrongly. What
# the plan does itself, as a decision or a notice, has the time of doing it and no other.
FROM_OUTSIDE = {
    EventType.RECEIVED,
    EventType.MISFILED_RECEIVED,
    EventType.NECESSARY_INFORMATION_RECEIVED,
    EventType.INFORMATION_RECEIVED,
    EventType.EXTENSION_REQUESTED,
    EventType.URGENCY_ATTESTED,
    EventType.NOTICE_RECEIVED,
    EventType.APPEAL_RECEIVED,
    EventType.IRE_RECEIVED,
    EventType.REVERSAL_NOTICE_RECEIVED,
    EventType.EXTERNAL_REVIEW_REQUESTED,
    EventType.IRO_NOTICE_RECEIVED,
    EventType.CLAIMANT_INFORMATION_RECEIVED,
    EventType.IRO_RECEIVED,
    EventType.EXPLANATION_REQUESTED,
    EventType.IMMEDIATE_REVIEW_REJECTED,
    EventType.GRIEVANCE_RECEIVED,
    EventType.INCIDENT_OCCURRED,
    EventType.PEER_TO_PEER_REQUESTED,
}
ELECTRONIC = "electronic"


@dataclass(frozen=True, slots=True)
class Event:
    """One fact. `at` is a date, a local time of the case zone, or an aware time."""

    type: EventType
    at: At
    by: str = ""
    channel: str = ""
    ground: str = ""
    needs_information: bool = False
    partial: bool = False
    received_by_claimant_at: At | None = None
    respond_by: At | None = None
    decide_by: At | None = None
    course_ends_at: At | None = None
    rating_period_start: date | None = None
    window_days: int | None = None
    meeting_dates: tuple[date, ...] = ()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Event":
        """An event of the exchange format. Attributes that no rule reads are left out.

        Raises ClockError where the type is unknown or a time cannot be read.
        """
        try:
            return cls(
                type=EventType(data["type"]),
                at=parse_at(data["at"]),
                by=data.get("by", ""),
                channel=data.get("channel", ""),
                ground=data.get("ground", ""),
                needs_information=bool(data.get("needs_information")),
                partial=bool(data.get("partial")),
                received_by_claimant_at=_optional_at(data, "received_by_claimant_at"),
                respond_by=_optional_at(data, "respond_by"),
                decide_by=_optional_at(data, "decide_by"),
                course_ends_at=_optional_at(data, "course_ends_at"),
                rating_period_start=_optional_date(data, "rating_period_start"),
                window_days=data.get("window_days"),
                meeting_dates=tuple(map(date.fromisoformat, data.get("meeting_dates", ()))),
            )
        except (KeyError, ValueError) as error:
            raise ClockError(f"This event cannot be read ({error}): {dict(data)}") from error

    def is_known_at(self, now: datetime, case_zone: ZoneInfo) -> bool:
        """Whether it had happened by the clock of the case, whatever zone it is counted in."""
        if self.type in KNOWN_IN_ADVANCE:
            return True
        return moment_of(self.at, case_zone, seen_from=case_zone).instant <= now


def parse_at(text: str) -> At:
    """`2026-09-11`, `2026-09-11T10:00`, or the latter with an offset."""
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def _optional_at(data: Mapping[str, Any], key: str) -> At | None:
    return parse_at(data[key]) if data.get(key) else None


def _optional_date(data: Mapping[str, Any], key: str) -> date | None:
    return date.fromisoformat(data[key]) if data.get(key) else None


@dataclass(frozen=True, slots=True)
class Happened:
    """An event with its moment."""

    event: Event
    moment: Moment

    @property
    def instant(self) -> datetime:
        return self.moment.instant


@dataclass(frozen=True, slots=True)
class Timeline:
    """The events known at `as_of`, earliest first, with days as seen from one zone.

    Events of one instant are ordered by what they say, never by the order they were given in.
    """

    happened: tuple[Happened, ...]
    case_zone: ZoneInfo
    zone: ZoneInfo
    as_of: Moment | None

    @classmethod
    def of(
        cls, events: Iterable[Event], case_zone: ZoneInfo, zone: ZoneInfo, as_of: At | None
    ) -> "Timeline":
        now = None if as_of is None else moment_of(as_of, case_zone, seen_from=case_zone)
        known = [
            Happened(one, moment_of(one.at, case_zone, seen_from=zone))
            for one in events
            if now is None or one.is_known_at(now.instant, case_zone)
        ]
        if len(known) > 1:
            known.sort(key=lambda one: one.moment.instant)
            if len({one.moment.instant for one in known}) < len(known):
                known.sort(key=lambda one: (one.moment.instant, repr(one.event)))
        return cls(tuple(known), case_zone, zone, now)

    def moment(self, at: At) -> Moment:
        return moment_of(at, self.case_zone, seen_from=self.zone)

    def all(self, *types: str) -> tuple[Happened, ...]:
        return tuple(one for one in self.happened if one.event.type in types)

    def first(self, *types: str, since: Moment | None = None) -> Happened | None:
        """The earliest of these types, at or after `since` (see Moment.is_not_before)."""
        for one in self.happened:
            if one.event.type in types and (since is None or one.moment.is_not_before(since)):
                return one
        return None
