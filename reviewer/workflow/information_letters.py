"""The letter that asks for information: thing by thing, why, until when, and what if none comes.

It goes to whoever is asked. Of an urgent claim the law wants the claimant told what is missing (29
CFR 2560.503-1(f)(2)(i)): then the member has a copy, and while that notice is in time the letter is
it. More time is told by a letter of its own (`acts/extensions.py`), to the claimant or enrollee
(29 CFR 2560.503-1(f)(2)(iii); 42 CFR 422.568(b)(2); 42 CFR 438.404(c)(4)): this one gives none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from policies.models import Criterion
from reviewer.clocks import Event, EventType, Flag
from reviewer.models import Clock, Notice, Request
from reviewer.workflow.acts.asking import extendable_rule, what_if
from reviewer.workflow.acts.letters import compose
from reviewer.workflow.clocks import decision_clock
from reviewer.workflow.criteria.tree import place_of
from reviewer.workflow.rule_book import book

Recipient, Channel = Notice.Recipient, Notice.Channel


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing that is asked for, with the criterion that it is to answer."""

    words: str
    criterion: Criterion | None = None

    @property
    def place(self) -> str:
        """Where the criterion stands: "I.A of policy 0298, Work hardening, version 2"."""
        if self.criterion is None:
            return ""
        version = self.criterion.version
        number, title = version.bulletin.number, version.title
        return f"{place_of(self.criterion)} of policy {number}, {title}, version {version.ordinal}"


@dataclass(frozen=True, slots=True)
class Limit:
    """When an answer is due by a rule, and which one states it."""

    at: datetime
    rule_id: str

    @property
    def citation(self) -> str:
        return book().rule(self.rule_id).citation


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked of whom, before it is: the things, how, and until when."""

    request: Request
    items: Sequence[Wanted]
    recipient: str
    channel: str
    words: str
    due: datetime | None
    limit: Limit | None  # where a rule states it

    @property
    def clock(self) -> Clock | None:
        clock = decision_clock(self.request)
        return clock if clock and clock.is_going else None


@dataclass(frozen=True, slots=True)
class Letter:
    recipient: str
    channel: str
    body: str

    @property
    def to(self) -> str:
        return str(Recipient(self.recipient).label).lower()

    @property
    def how(self) -> str:
        return str(Channel(self.channel).label).lower()


def stated_limit(request: Request, *, at: datetime) -> Limit | None:
    """The time to answer that the rule of the decision's clock leaves, where it states one."""
    clock = decision_clock(request)
    if clock is None or not clock.is_going:
        return None
    rules = book()
    incomplete = rules.rule(clock.rule_id).incomplete_rule_id
    hours = rules.rule(incomplete).respond_within_number if incomplete else None
    return Limit(at + timedelta(hours=hours), incomplete) if hours else None


def letters_of(asking: Asking, *, at: datetime) -> list[Letter]:
    """The letters as they will go; none of what is asked for by telephone."""
    if asking.channel == Channel.PHONE:
        return []
    found = [Letter(asking.recipient, asking.channel, _body(asking, asking.recipient, at))]
    if asking.recipient != Recipient.MEMBER and tells_claimant(asking):
        by_mail = Channel.MAIL if asking.channel == Channel.FAX else asking.channel
        found.append(Letter(Recipient.MEMBER, by_mail, _body(asking, Recipient.MEMBER, at)))
    return found


def tells_claimant(asking: Asking) -> bool:
    """Whether a rule wants the claimant told of what is missing."""
    clock = asking.clock
    return clock is not None and bool(book().rule(clock.rule_id).deficiency_notice_rule_id)


def as_notice(asking: Asking, *, at: datetime) -> Event | None:
    """The notice of what an urgent claim lacks that the letter is, where it moves the clock."""
    clock = asking.clock
    if clock is None or asking.channel == Channel.PHONE or not tells_claimant(asking):
        return None
    event = Event(EventType.DEFICIENCY_NOTICE_SENT, at, respond_by=asking.due)
    return None if what_if(clock, event, at=at).objection else event


def may_extend(clock: Clock) -> bool:
    """Whether a rule still gives more time; of what was made urgent none does."""
    is_open = not {Flag.EXTENDED, Flag.UPGRADED}.intersection(clock.answer["flags"])
    return is_open and bool(extendable_rule(clock).extension_number)


def _body(asking: Asking, recipient: str, at: datetime) -> str:
    clock = asking.clock
    return compose(
        "information_request",
        asking.request,
        clock,
        at=at,
        things=asking.items,
        words=asking.words.strip(),
        for_member=recipient == Recipient.MEMBER,
        is_copy=recipient != asking.recipient,
        answer_by=asking.due,
        limit=asking.limit,
        **(_of_clock(asking, clock, at) if clock else {}),
    )


def _of_clock(asking: Asking, clock: Clock, at: datetime) -> dict[str, Any]:
    """What the clock says of the decision: until when, and whether it waits for the answer."""
    zone, rule = ZoneInfo(clock.zone), book().rule(clock.rule_id)
    waits = as_notice(asking, at=at) is not None
    stopped = clock.tolled_until if clock.tolled_until and clock.tolled_until > at else None
    return {
        "decide_by": clock.due_at and clock.due_at.astimezone(zone),
        "is_late": clock.due_at is not None and clock.due_at <= at,
        "hours": book().rule(rule.incomplete_rule_id).number if waits else None,
        "stopped_until": stopped and stopped.astimezone(zone),
        "may_extend": may_extend(clock) and not waits,
    }
