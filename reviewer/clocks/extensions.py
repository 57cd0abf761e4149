"""Extensions, their withdrawal, and the clock that stops for the claimant's answer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from reviewer.clocks.conventions import MAILING, cite
from reviewer.clocks.counting import number_of
from reviewer.clocks.events import ELECTRONIC, EventType, Happened
from reviewer.clocks.moments import day_in_words, end_of_day, in_words, wall_time_later
from reviewer.clocks.reckoning import Reckoning
from reviewer.clocks.result import Flag, StepKind
from reviewer.clocks.rules import Unit
from reviewer.clocks.starts import words

OFFERS = (EventType.EXTENSION_NOTICE_SENT, EventType.EXTENSION_REQUESTED)
REQUESTED_BY = {"enrollee": "enrollee_request", "provider": "provider_request"}


@dataclass(frozen=True, slots=True)
class Rejection:
    flag: Flag
    because: Callable[[], str]


def extend(base: Reckoning) -> Reckoning:
    """Apply every extension and withdrawal in turn; the first valid one counts while it stands."""
    current, ended_by = base, None
    for offer in base.timeline.all(*OFFERS):
        stands = Flag.EXTENDED in current.flags or (
            ended_by is not None and ended_by.instant > offer.instant
        )
        rejection = _rejection(offer, current, stands=stands)
        if rejection:
            current = _reject(offer, rejection, current)
            continue
        current = _grant(offer, current)
        withdrawn = _withdrawal(offer, current, not_again=ended_by)
        if withdrawn:
            ended_by, current = withdrawn, _withdraw(withdrawn, current)
    return current.but(alarm=None) if Flag.EXTENDED in current.flags else current


def _reject(offer: Happened, rejection: Rejection, one: Reckoning) -> Reckoning:
    return one.flagged(rejection.flag).saying(
        lambda: f"{_named(offer, one)} has no effect: {rejection.because()}.",
        cite("C11"),
        kind=StepKind.NO_EFFECT,
        event=offer.event.type.value,
    )


def _named(offer: Happened, one: Reckoning) -> str:
    when = one.words(offer.instant) if offer.moment.has_time else day_in_words(offer.moment.day)
    return f"The extension ({words(offer.event.type)} {when}, ground: {words(ground_of(offer))})"


def ground_of(offer: Happened) -> str:
    """The ground that a notice states, or that a request for time stands for."""
    if offer.event.type == EventType.EXTENSION_REQUESTED:
        return REQUESTED_BY.get(offer.event.by, f"requested_by_{offer.event.by or 'nobody_named'}")
    return offer.event.ground or "not_stated"


def _rejection(offer: Happened, one: Reckoning, *, stands: bool) -> Rejection | None:
    if one.rule.extension_number is None:
        return Rejection(Flag.NOT_AVAILABLE, lambda: f"{one.rule} is never extended")
    if ground_of(offer) not in one.rule.extension_grounds:
        listed = one.rule.extension_grounds
        return Rejection(
            Flag.BAD_GROUND, lambda: f"{one.rule} allows only {' or '.join(map(words, listed))}"
        )
    if offer.instant > one.base:
        return Rejection(
            Flag.LATE_NOTICE, lambda: f"it is later than the base limit {one.words(one.base)}"
        )
    if stands:
        return Rejection(Flag.ALREADY_EXTENDED, lambda: "the limit is extended already")
    return None


def _grant(offer: Happened, one: Reckoning) -> Reckoning:
    rule = one.rule
    said = one.flagged(Flag.EXTENDED).saying(
        lambda: (
            f"{_named(offer, one)} is valid: at or before the base limit {one.words(one.base)}."
        ),
        rule.citation,
        kind=StepKind.EXTENDED,
        event=offer.event.type.value,
    )
    if rule.tolls and offer.event.needs_information:
        return _toll(offer, said)
    days = rule.extension_number or 0
    due = wall_time_later(one.base, timedelta(days=days), one.timeline.zone)
    said = said.saying(
        lambda: f"{days} calendar days after the base limit{_kept(one, due)}: {one.words(due)}.",
        cite("C11"),
        instant=due,
        kind=StepKind.LIMIT,
    )
    return _promise(offer, said.but(due=due))


def _kept(one: Reckoning, due: datetime) -> str:
    """That hours keep their time of day, where it is not plain from the days."""
    zone = one.timeline.zone
    changes = one.base.astimezone(zone).utcoffset() != due.astimezone(zone).utcoffset()
    is_told = changes and one.rule.unit is Unit.HOURS
    return ", at the same time of day as the clocks change in between" if is_told else ""


def _promise(offer: Happened, one: Reckoning, *, not_before: date | None = None) -> Reckoning:
    """The end of the day the notice promises, where that is earlier than the extended limit."""
    if offer.event.decide_by is None or one.due is None:
        return one
    day = one.timeline.moment(offer.event.decide_by).day
    if not_before and day < not_before:
        sentence = f"The promised day, {day_in_words(day)}, is before the clock resumes: ignored."
        return one.saying(sentence, cite("C13"))
    promised = end_of_day(day, one.timeline.zone)
    if promised >= one.due:
        return one
    sentence = f"The notice promises an earlier day: {one.words(promised)}."
    return one.but(due=promised).saying(
        sentence, cite("C11"), instant=promised, kind=StepKind.LIMIT
    )


def _toll(offer: Happened, one: Reckoning) -> Reckoning:
    """Stop the clock until the first answer, or the end of the claimant's time to answer."""
    until, one = _response_period(offer, one.but(stopped_from=offer.instant))
    end = end_of_day(until, one.timeline.zone)
    answer = one.timeline.first(EventType.INFORMATION_RECEIVED, since=offer.moment)
    if answer and answer.moment.day <= until:
        partial = ", a partial one" if answer.event.partial else ""
        sentence = f"The clock resumes on the first answer{partial}, "
        one = one.saying(
            f"{sentence}{day_in_words(answer.moment.day)}, {_stood(offer, answer.moment.day)}.",
            cite("C14"),
            kind=StepKind.RESUMED,
            event=answer.event.type.value,
        )
        one = one.but(resumed_at=answer.instant)
        return _resume(offer, one.flagged(Flag.ANSWERED), answer.moment.day)
    now = one.timeline.as_of
    if now is not None and now.instant <= end:
        stopped = one.but(due=None, tolled_until=end)
        return stopped.saying(
            lambda: f"The clock is stopped until an answer comes or {stopped.words(end)}.",
            cite("C13"),
            instant=end,
            kind=StepKind.STOPPED,
        )
    sentence = (
        f"No answer by {day_in_words(until)}: the clock resumes at the end of that period,"
        f" {_stood(offer, until)}."
    )
    one = one.saying(sentence, cite("C13"), kind=StepKind.RESUMED).but(resumed_at=end)
    return _resume(offer, one.flagged(Flag.NO_ANSWER), until)


def _stood(offer: Happened, until: date) -> str:
    days = (until - offer.moment.day).days
    return f"{days} {'day' if days == 1 else 'days'} after it stopped"


def _response_period(offer: Happened, one: Reckoning) -> tuple[date, Reckoning]:
    """The last day to answer: the row's days from receipt of the notice, or a later date given."""
    if offer.event.received_by_claimant_at is not None:
        received = one.timeline.moment(offer.event.received_by_claimant_at).day
        sentence = f"The claimant received the notice on {day_in_words(received)}"
    else:
        days = 0 if offer.event.channel == ELECTRONIC else one.book.days_of(MAILING)
        received = offer.moment.day + timedelta(days=days)
        sentence = f"Receipt of the notice is presumed on {day_in_words(received)}"
    respond = one.rule.respond_within_number or 0
    until = received + timedelta(days=respond)
    citation = cite(MAILING)
    if offer.event.respond_by is not None:
        until = max(until, one.timeline.moment(offer.event.respond_by).day)
    sentence = (
        f"{sentence}; the time to answer, at least {respond} days, ends {day_in_words(until)}."
    )
    return until, one.saying(sentence, citation, kind=StepKind.STOPPED)


def _resume(offer: Happened, one: Reckoning, day: date) -> Reckoning:
    """The extension days run from the day the clock resumes; the legal maximum beside them."""
    rule, zone = one.rule, one.timeline.zone
    extension, base_days = rule.extension_number or 0, number_of(rule)
    used = (offer.moment.day - one.start.moment.day).days
    due = end_of_day(day + timedelta(days=extension), zone)
    latest = end_of_day(day + timedelta(days=base_days + extension - used), zone)
    one = one.but(due=due, legal_max=latest)
    one = one.saying(
        lambda: f"{extension} days after it resumes: {in_words(due, zone)}.",
        rule.citation,
        instant=due,
        kind=StepKind.LIMIT,
    )
    one = one.saying(
        lambda: (
            f"By the total period ({base_days} + {extension} days, {used} used before the notice) "
            f"the legal maximum would be {in_words(latest, zone)}."
        ),
        cite("C13"),
        instant=latest,
        kind=StepKind.MAXIMUM,
    )
    return _promise(offer, one, not_before=day)


def _withdrawal(offer: Happened, one: Reckoning, *, not_again: Happened | None) -> Happened | None:
    """The first withdrawal after the offer, unless the extended limit had passed before it.

    A withdrawal ends one extension: that of a new notice on the same day is not ended by it.
    """
    later = (
        withdrawn
        for withdrawn in one.timeline.all(EventType.EXTENSION_WITHDRAWN)
        if withdrawn is not not_again and withdrawn.moment.is_not_before(offer.moment)
    )
    withdrawn = next(later, None)
    if withdrawn is None or (one.due is not None and withdrawn.instant > one.due):
        return None
    return withdrawn


def _withdraw(withdrawn: Happened, one: Reckoning) -> Reckoning:
    due = max(one.base, withdrawn.instant)
    back = one.without(Flag.EXTENDED, Flag.ANSWERED, Flag.NO_ANSWER).flagged(Flag.WITHDRAWN)
    back = back.but(due=due, legal_max=None, tolled_until=None, stopped_from=None, resumed_at=None)
    told = f"The extension was withdrawn {one.words(withdrawn.instant)}: "
    what = "the base limit counts again."
    if due != one.base:
        what = "the base limit had passed, so the decision is due at the withdrawal."
    return back.saying(
        told + what,
        cite("C12"),
        instant=due,
        kind=StepKind.WITHDRAWN,
        event=withdrawn.event.type.value,
    )
