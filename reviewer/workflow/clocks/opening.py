"""The duties that a fact opens, each with its clock: one scope, chosen once and kept."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Final

from reviewer.clocks import (
    ClockError,
    Event,
    EventType,
    NoRule,
    NotStarted,
    RuleBook,
    Scope,
    duties_opened_by,
)
from reviewer.clocks.duties import Duty
from reviewer.models import Clock, ClockEvent
from reviewer.workflow.clocks.answers import kept, remember, subject
from reviewer.workflow.clocks.facts import ABOUT, as_event, facts_for
from reviewer.workflow.clocks.scopes import (
    Subject,
    duty_with_rule,
    others_of,
    regimes_of,
    rule_for,
    scopes_of,
    zone_of,
)
from reviewer.workflow.errors import Refused

EXPEDITED, STANDARD = "expedited", "standard"
ADVICE: Final = {
    "course_ends_at": "Say when the approved course of treatment ends.",
    "rating_period_start": "Say when the rating period of the plan's contract starts.",
    "item_kind": "Say what kind of item it is.",
}
MENDS: Final = (*ADVICE, "review_type", "urgency")  # what intake asks, the surest mend first
OTHERWISE: Final = "Choose another coverage, type or urgency, or have a rule added."
URGENCY: Final = (EventType.URGENCY_ATTESTED, EventType.EXPEDITE_REFUSED)


def open_duties(event: ClockEvent, facts: Sequence[ClockEvent], book: RuleBook) -> None:
    """Start the clocks of what has to be done now."""
    of: Subject = event.appeal or event.request
    opened = duties_opened_by(
        book,
        event.type,
        urgency=of.urgency,
        is_adverse=is_adverse(event),
        subject="appeal" if event.appeal else "request",
        step=event.appeal.step if event.appeal else "",
    )
    for duty in opened:
        if event.facts.get(ABOUT, duty.id) != duty.id:
            continue
        if duty.recipient and event.recipient not in ("", duty.recipient):
            continue
        if duty.as_duty and not is_owed(duty, event):
            continue
        if clock := clock_for(duty, event, facts, book):
            clock.save()


def is_adverse(event: ClockEvent) -> bool:
    return event.determination.is_adverse if event.determination else False


def is_owed(duty: Duty, event: ClockEvent) -> bool:
    """Whether the notice of a decision is still to be given: also a decision that replaces one
    of which the person was told is told, but no limit is stated for that."""
    replaced = event.determination and event.determination.replaces
    if replaced is None or event.appeal is not None:
        return True
    told = Clock.objects.filter(determination=replaced, duty=duty.id, stopped_at__isnull=False)
    return not told.exists()


def clock_for(
    duty: Duty, event: ClockEvent, facts: Sequence[ClockEvent], book: RuleBook
) -> Clock | None:
    """The clock of a duty, still to be saved; None where no rule states a limit for a duty that
    need not have one.
    """
    clock = Clock(
        request=event.request,
        appeal=event.appeal,
        determination=event.determination,
        duty=duty.id,
        label=duty.label,
        recipient=duty.recipient,
        started_by=event,
        zone=zone_of(event.appeal or event.request, book),
        computed_at=event.recorded_at,
    )
    events = [as_event(one, clock.zone) for one in facts_for(clock, facts)]
    try:
        scope = find_scope(clock, duty, events, book)
        set_answer(clock, scope, duty, events, book)
    except (NoRule, NotStarted) as error:
        if duty.is_required:
            raise no_limit(clock, error) from error
        return None
    except ClockError as error:
        raise Refused(f"No limit can be computed for it: {error}") from error
    return clock


def find_scope(clock: Clock, duty: Duty, events: list[Event], book: RuleBook) -> Scope:
    """What the duty's rule is selected by: of the governing regime, or of the first other one
    that knows the duty; another duty's, where it goes by that one's limit. Raises NoRule."""
    if duty.as_duty:
        whole = Clock.objects.about(subject(clock)).filter(duty=duty.as_duty)
        if found := whole.order_by("-pk").first():
            return Scope(**found.scope)
    of = subject(clock)
    asked = duty_with_rule(duty, book)
    urgency = "" if duty.is_required else current_urgency(clock, events)
    first: NoRule | None = None
    for regime in regimes_of(of, book):
        scopes = scopes_of(of, asked, regime=regime.regime, urgency=urgency)
        try:
            return rule_for(scopes, events, clock.zone, book)
        except NoRule as error:
            first = first or error
            if duty.is_required:
                break
    raise first or NoRule("No regime is selected for it.")


def current_urgency(clock: Clock, events: Iterable[Event]) -> str:
    """Expedited from the attestation on; what was refused was asked for as expedited."""
    if clock.started_by.type == EventType.EXPEDITE_REFUSED:
        return EXPEDITED
    said = [one for one in events if one.type in URGENCY]
    if not said:
        return ""
    return EXPEDITED if said[-1].type == EventType.URGENCY_ATTESTED else STANDARD


def set_answer(
    clock: Clock, scope: Scope, duty: Duty, events: list[Event], book: RuleBook
) -> list[str]:
    """Set what the engine answers, and name the columns that are other than before."""
    others = others_of(subject(clock), duty_with_rule(duty, book), scope, events, clock.zone, book)
    values = kept(scope, events, clock.zone, others, book)
    remember(clock, values)
    if not clock.scope:
        values["scope"] = asdict(scope)
    changed = [name for name, value in values.items() if getattr(clock, name) != value]
    for name in changed:
        setattr(clock, name, values[name])
    return changed


class NoLimit(Refused):
    """No rule states a limit. `about` is what would mend it, one of MENDS, or nothing."""

    def __init__(self, sentence: str, about: str = "") -> None:
        super().__init__(sentence)
        self.about = about


def no_limit(clock: Clock, error: ClockError) -> NoLimit:
    """What a person can do about a request or an appeal that no rule fits."""
    request, of = clock.request, subject(clock)
    case = (
        request.get_line_of_business_display(),
        request.get_review_type_display().lower(),
        of.get_urgency_display().lower(),
    )
    said = [advice for name, advice in ADVICE.items() if name in error.about]
    about = next((name for name in MENDS if name in error.about), "")
    what = "appeal" if clock.appeal else "request"
    sentence = (
        f"No rule states a limit for this {what} ({', '.join(case)}), so it is not opened."
        f" {' '.join(said) or OTHERWISE} {error}"
    )
    return NoLimit(sentence, about)
