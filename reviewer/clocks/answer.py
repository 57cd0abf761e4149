"""The last stages: acceptance of filings, other rules beside the selected one, and status."""

from datetime import datetime

from reviewer.clocks.book import RuleBook
from reviewer.clocks.calendars import business_day_from
from reviewer.clocks.conventions import cite
from reviewer.clocks.holidays import DayCalendar
from reviewer.clocks.moments import Moment, day_in_words, end_of_day
from reviewer.clocks.reckoning import Reckoning
from reviewer.clocks.result import Deadline, OtherRule, Role, Status, StepKind
from reviewer.clocks.rules import Calculation, Rule, WeekendRoll
from reviewer.clocks.starts import shown


def accept_filings(one: Reckoning) -> Reckoning:
    """The last moment at which a filing is accepted, where the row knows of one."""
    if one.rule.weekend_roll is WeekendRoll.NONE or one.due is None:
        return one
    zone = one.timeline.zone
    day = one.due.astimezone(zone).date()
    open_day = business_day_from(day, DayCalendar.CLAIMANT, one.book.days)
    if open_day == day:
        return one.but(accept=one.due)
    accept = end_of_day(open_day, zone)
    sentence = f"{day_in_words(day)} is no business day: filings are accepted through "
    told = one.saying(
        f"{sentence}{one.words(accept)}.", cite("C4"), instant=accept, kind=StepKind.ACCEPTED
    )
    return told.but(accept=accept)


def answer(
    selected_rule: Rule,
    selected: Reckoning,
    others: list[tuple[OtherRule, Reckoning | None]],
    book: RuleBook,
) -> Deadline:
    """The earliest of the selected row and the binding ones, with what stands beside it."""
    winner, told = selected, selected
    targets: list[Reckoning] = []
    for other, one in others:
        told = _report(told, other, one)
        if one is None or one.due is None:
            continue
        if other.role is Role.TARGET:
            targets.append(one)
        if other.role is Role.BINDING and (winner.due is None or one.due < winner.due):
            winner = one
    if winner is not selected and winner.due:
        sentence = f"{winner.rule} is the earliest binding limit: {winner.words(winner.due)}."
        told = told.but(steps=(*told.steps, *winner.steps))
        told = told.saying(sentence, cite("C17"), instant=winner.due, kind=StepKind.REGIME)
    status = _status(winner)
    told = _say_missed(told, winner, status)
    by_rule: dict[str, datetime | None] = {}
    if others:
        by_rule[selected_rule.rule_id] = _shown(selected, selected.due)
        by_rule |= {other.rule_id: _shown(one, one.due) if one else None for other, one in others}
    return Deadline(
        rule_id=selected_rule.rule_id,
        applied_rule_id=winner.rule.rule_id,
        citation=winner.rule.citation,
        confidence=winner.rule.confidence,
        due_at=_shown(winner, winner.due),
        derivation=told.steps,
        accept_through=_shown(winner, winner.accept),
        legal_max_at=_shown(selected, selected.legal_max),
        tolled_until=_shown(selected, selected.tolled_until),
        target_at=_earliest(targets),
        alarm_at=_alarm(winner),
        by_rule=by_rule,
        status=status,
        flags=tuple(sorted(selected.flags)),
        missed_outcome=winner.rule.missed_outcome,
        rules_version=book.version,
        starts_at=_shown(winner, winner.counted_from),
        base_at=_shown(winner, winner.base),
        stopped_from=_shown(winner, winner.stopped_from),
        resumed_at=_shown(winner, winner.resumed_at),
    )


def _report(told: Reckoning, other: OtherRule, one: Reckoning | None) -> Reckoning:
    if one is None:
        return told.saying(
            f"{other.rule_id} ({other.role}) has not started.", cite("C17"), kind=StepKind.REGIME
        )
    limit = one.words(one.due) if one.due else "no limit while the clock is stopped"
    sentence = f"{other.rule_id} ({other.role}): {limit}."
    return told.saying(sentence, one.rule.citation, instant=one.due, kind=StepKind.REGIME)


def _say_missed(told: Reckoning, winner: Reckoning, status: Status | None) -> Reckoning:
    if status is not Status.OVERDUE or not winner.rule.missed_outcome:
        return told
    outcome = winner.rule.missed_outcome.replace("_", " ")
    return told.saying(
        f"The limit has passed: {outcome}.", cite("C19"), instant=winner.due, kind=StepKind.MISSED
    )


def _earliest(targets: list[Reckoning]) -> datetime | None:
    limits = [limit for one in targets if (limit := _shown(one, one.due))]
    return min(limits, key=lambda limit: limit.timestamp(), default=None)


def _alarm(one: Reckoning) -> datetime | None:
    if one.alarm is None or one.due is None:
        return None
    return _shown(one, min(one.alarm, one.due))


def _shown(one: Reckoning, instant: datetime | None) -> datetime | None:
    return None if instant is None else shown(instant, one.timeline)


def _status(one: Reckoning) -> Status | None:
    """Met by the earliest event that fulfils the duty; else by the time of the evaluation."""
    now = one.timeline.as_of
    if now is None:
        return None
    done = one.timeline.first(*one.rule.satisfied_by, since=_counts_from(one))
    limit = one.accept or one.due
    if limit is None:
        return Status.MET if done else Status.TOLLED
    if done:
        return Status.MET if done.instant <= limit else Status.MET_LATE
    return Status.OVERDUE if now.instant > limit else Status.RUNNING


def _counts_from(one: Reckoning) -> Moment | None:
    """From when on an event can fulfil the duty; a notice can be answered before it is presumed
    received, and a notice due before an event has no such moment.
    """
    if one.rule.calculation is Calculation.BACKWARD:
        return None
    sent = one.timeline.first(one.rule.presumed_from) if one.rule.presumed_from else None
    start = one.start.moment
    return sent.moment if sent and sent.instant < start.instant else start
