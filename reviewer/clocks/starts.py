"""Where a clock starts: the earliest starting event, a presumed receipt, or a period's end."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from reviewer.clocks.errors import NotADeadline, NotStarted
from reviewer.clocks.events import ELECTRONIC, Event, EventType, Happened, Timeline
from reviewer.clocks.moments import Moment, day_in_words, in_words
from reviewer.clocks.result import Said, Step, StepKind
from reviewer.clocks.rules import RESPONSE_PERIOD_ENDED, Rule, StartChoice

ABBREVIATED = {"ire": "IRE", "iro": "IRO"}


@dataclass(frozen=True, slots=True)
class Start:
    """The starting moment, the recorded event behind it, and the sentence about it."""

    moment: Moment
    event: Event
    step: Step


def start_of(rule: Rule, timeline: Timeline) -> Start | None:
    """Where the row's clock starts, or None where no such event is recorded."""
    if RESPONSE_PERIOD_ENDED in rule.starts_on:
        notice = timeline.first(EventType.DEFICIENCY_NOTICE_SENT)
        return after_deficiency_notice(rule, notice, timeline) if notice else None
    if happened := timeline.first(*rule.starts_on):
        return started_by(happened, rule, timeline)
    if rule.start_choice is StartChoice.PRESUMED_RECEIPT:
        return _presumed_receipt(rule, timeline)
    return None


def required_start(rule: Rule, timeline: Timeline) -> Start:
    """As `start_of`; raises NotStarted with the events that would start the clock, and
    NotADeadline for a row that none starts.
    """
    if not rule.starts_on:
        raise NotADeadline(f"{rule} states a fact ({rule.citation}); nothing is due by it.")
    start = start_of(rule, timeline)
    if start is None:
        wanted = [*rule.starts_on, *([rule.presumed_from] if rule.presumed_from else [])]
        if RESPONSE_PERIOD_ENDED in wanted:
            wanted = [EventType.DEFICIENCY_NOTICE_SENT]
        names = " or ".join(words(one) for one in wanted)
        sentence = f"{rule} has not started: no event “{names}” is recorded."
        raise NotStarted(sentence, about=wanted)
    return start


def started_by(happened: Happened, rule: Rule, timeline: Timeline) -> Start:
    """A clock that starts at this event."""
    moment = happened.moment

    def sentence() -> str:
        when = f"{day_in_words(moment.day)}, no time given"
        if moment.has_time:
            when = in_words(moment.instant, timeline.zone)
        return f"The clock starts: {words(happened.event.type)}, {when}."

    event = happened.event
    return Start(moment, event, _step(sentence, moment.instant, event, rule, timeline))


def _step(sentence: Said, instant: datetime, event: Event, rule: Rule, timeline: Timeline) -> Step:
    at = shown(instant, timeline)
    return Step(sentence, at, rule.citation, StepKind.START, event.type.value)


def _presumed_receipt(rule: Rule, timeline: Timeline) -> Start | None:
    sent = timeline.first(rule.presumed_from)
    if sent is None:
        return None
    is_electronic = sent.event.type == EventType.NOTICE_SENT and sent.event.channel == ELECTRONIC
    days = 0 if is_electronic else rule.presumed_receipt_days or 0
    moment = timeline.moment(sent.moment.day + timedelta(days=days))
    how = "on the same day, as it was electronic" if is_electronic else f"{days} days later"
    sentence = (
        f"No proof of receipt: {words(sent.event.type)} {day_in_words(sent.moment.day)}, "
        f"presumed received {how}, {day_in_words(moment.day)}."
    )
    return Start(moment, sent.event, _step(sentence, moment.instant, sent.event, rule, timeline))


def after_deficiency_notice(rule: Rule, notice: Happened, timeline: Timeline) -> Start:
    """The earlier of the first answer to the notice and the end of the time to answer."""
    ends = notice.instant + timedelta(hours=rule.respond_within_number or 0)  # a book has them
    if notice.event.respond_by is not None:
        ends = max(ends, timeline.moment(notice.event.respond_by).instant)
    answers = timeline.all(EventType.INFORMATION_RECEIVED)
    answer = next((one for one in answers if notice.instant <= one.instant <= ends), None)
    if answer:
        return started_by(answer, rule, timeline)
    moment = timeline.moment(ends)
    sentence = (
        f"No answer within the time given, at least {rule.respond_within_number} hours: "
        f"the clock starts as it ends, {in_words(ends, timeline.zone)}."
    )
    return Start(moment, notice.event, _step(sentence, ends, notice.event, rule, timeline))


def shown(instant: datetime, timeline: Timeline) -> datetime:
    return instant.astimezone(timeline.zone)


@cache
def words(name: str) -> str:
    """An event's or a ground's name as words."""
    return " ".join(ABBREVIATED.get(word, word) for word in name.split("_"))
