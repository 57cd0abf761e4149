"""More time for a decision: taken by the plan, asked for by others, or given up again."""

from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from reviewer.clocks import Event, EventType, Rule
from reviewer.models import Clock, Notice, Request, Reviewer
from reviewer.models import Event as Milestone
from reviewer.workflow.acts.asking import (
    Comparison,
    extendable_rule,
    going_clock,
    require_effect,
)
from reviewer.workflow.acts.letters import compose
from reviewer.workflow.acts.writing import (
    State,
    confirm_letter,
    happened,
    keep_letter,
    kept,
    lock_in_hand,
    lock_open,
    tell,
)
from reviewer.workflow.clocks import computed
from reviewer.workflow.clocks.scopes import Subject
from reviewer.workflow.errors import Refused, verb
from reviewer.workflow.guards import require_words

GROUNDS: Final = {
    "matters_beyond_plan_control": "Matters beyond the plan's control",
    "claimant_information_missing": "The claimant did not send needed information",
    "noncontract_provider_evidence": "Evidence from a non-contract provider may change a denial",
    "exceptional_circumstances": "Extraordinary, exigent or other circumstances that are not"
    " routine",
    "plan_needs_information": "The plan needs information, and waiting is in the enrollee's"
    " interest",
    "enrollee_request": "The enrollee asks for more time",
    "provider_request": "The provider asks for more time",
}
# These are for others to ask: `note_extension_requested` writes them down.
ASKED_BY_OTHERS: Final = ("enrollee_request", "provider_request")
ASKS: Final = {"enrollee": "The enrollee", "provider": "The provider"}


def grounds_of(rule: Rule) -> list[tuple[str, str]]:
    """The grounds on which the plan may extend, by the rule, with their words."""
    return [
        (one, GROUNDS.get(one, one.replace("_", " ").capitalize()))
        for one in rule.extension_grounds
        if one not in ASKED_BY_OTHERS
    ]


@verb
def extend_decision(
    *,
    of: Subject,
    ground: str,
    needs_information: bool,
    why: str,
    wanted: str = "",
    decide_by: date | None = None,
    respond_by: date | None = None,
    channel: str,
    by: Reviewer,
    at: datetime,
) -> Notice:
    """Take more time and send the letter that says so; it is refused where no rule gives it.

    `needs_information` stops the clock where the rule lets it: `wanted` says what is missing,
    and the claimant has the time that the rule gives, or until `respond_by` where that is later.
    """
    lock_in_hand(of, by=by, act="extended")
    require_words(why, "what keeps the plan from deciding in time")
    if needs_information:
        require_words(wanted, "what information is missing")
    clock = going_clock(of)
    facts: dict[str, Any] = {
        "ground": ground,
        "needs_information": needs_information,
        "channel": channel,
        "decide_by": decide_by,
        "respond_by": respond_by,
    }
    event = Event(EventType.EXTENSION_NOTICE_SENT, at, **facts)
    answer = require_effect(clock, event, at=at)
    require_promise(clock, answer, at=at)
    body = compose_extension(of, clock, answer, why=why, wanted=wanted, at=at)
    letter = keep_letter(of, kind=Notice.Kind.EXTENSION, body=body, channel=channel, by=by, at=at)
    said = f"{GROUNDS.get(ground, ground)}. {why}"
    waits = {"state": State.INCOMPLETE} if needs_information and isinstance(of, Request) else {}
    milestone = tell(of, Milestone.Name.EXTENDED, said, by=by, at=at, after=kept(letter), **waits)
    happened(of, EventType.EXTENSION_DECIDED, by=by, at=at, milestone=milestone)
    happened(of, event.type, by=by, at=at, milestone=milestone, **facts)
    confirm_letter(of, "extension_letter", letter, by=by, at=at, milestone=milestone)
    return letter


def require_promise(clock: Clock, answer: Comparison, *, at: datetime) -> None:
    """A day that is promised lies ahead, and not after the limit."""
    promised, due = answer.event.decide_by, answer.then.due_at
    if promised is None:
        return
    zone = ZoneInfo(clock.zone)
    if promised < at.astimezone(zone).date():
        raise Refused("The day by which you expect to decide is over. Name a later one.")
    if due is not None and promised > due.astimezone(zone).date():
        raise Refused(
            f"The decision may not be later than {due.astimezone(zone):%Y-%m-%d}, even extended."
            " Promise that day or an earlier one."
        )


def compose_extension(
    of: Subject, clock: Clock, answer: Comparison, *, why: str, wanted: str, at: datetime
) -> str:
    """The letter: what keeps us, until when, what is missing, and the right to complain."""
    zone = ZoneInfo(clock.zone)
    last = computed(clock, extra=[answer.event]).due_at
    until = answer.then.tolled_until
    return compose(
        "extension",
        of,
        clock,
        at=at,
        why=why,
        wanted=wanted,
        decide_by=last and last.astimezone(zone),
        answer_by=until and until.astimezone(zone),
        rule=extendable_rule(clock),
    )


@verb
def note_extension_requested(
    *, of: Subject, by_whom: str, said: str, by: Reviewer, at: datetime
) -> Milestone:
    """The enrollee or the provider asks for more time; where the rule allows it, that extends."""
    lock_open(of, by=by, act="extended")
    if by_whom not in ASKS:
        raise Refused("Say who asks for more time: the enrollee or the provider.")
    require_words(said, "what was said, and by whom")
    require_effect(going_clock(of), Event(EventType.EXTENSION_REQUESTED, at, by=by_whom), at=at)
    sentence = f"{ASKS[by_whom]} asks for more time: {said}"
    milestone = tell(of, Milestone.Name.EXTENSION_REQUESTED, sentence, by=by, at=at)
    type = EventType.EXTENSION_REQUESTED
    happened(of, type, by=by, at=at, milestone=milestone, by_whom=by_whom)
    return milestone


@verb
def withdraw_extension(*, of: Subject, reason: str, by: Reviewer, at: datetime) -> Milestone:
    """Give the extension up: the base limit counts again, or this moment if that has passed."""
    lock_in_hand(of, by=by, act="taken back to its limit")
    require_words(reason, "why the extension is given up")
    require_effect(going_clock(of), Event(EventType.EXTENSION_WITHDRAWN, at), at=at)
    milestone = tell(of, Milestone.Name.EXTENSION_WITHDRAWN, reason, by=by, at=at)
    happened(of, EventType.EXTENSION_WITHDRAWN, by=by, at=at, milestone=milestone)
    return milestone
