"""A correction as pages and files tell it: the fact, both times, and the limits it moves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser, User

from reviewer.clocks import ClockError
from reviewer.models import ClockEvent, Event, ReceiptCorrection, Request
from reviewer.workflow.errors import Refused
from reviewer.workflow.receipt_checks import fact_of, require_possible
from reviewer.workflow.receipt_moves import Move, moves_of

WAITING, APPROVED, DECLINED = "waiting", "approved", "declined"


@dataclass(frozen=True, slots=True)
class Tried:
    """What a time would move, or why it cannot be. `key` names what was tried."""

    moves: tuple[Move, ...] = ()
    problem: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class CorrectionShown:
    """A correction with what it moved, or would move while it waits."""

    correction: ReceiptCorrection
    fact: str
    state: str
    tried: Tried
    is_own: bool

    @property
    def is_waiting(self) -> bool:
        return self.state == WAITING

    @property
    def case(self) -> Request:
        return self.correction.event.request

    @property
    def moves(self) -> tuple[Move, ...]:
        """The limits that are other than before."""
        return tuple(one for one in self.tried.moves if one.is_moved)


def try_time(
    event: ClockEvent, corrected_to: datetime, user: User | AnonymousUser, *, at: datetime
) -> Tried:
    """What another time would move of that which the person may see."""
    key = f"{event.pk} {corrected_to.isoformat()}"
    try:
        require_possible(event, corrected_to)
        found = moves_of(event, corrected_to, at=at)
    except Refused as refusal:
        return Tried(problem=refusal.sentence, key=key)
    except ClockError as error:
        return Tried(problem=f"No limit can be computed with this time. {error}", key=key)
    return Tried(_seen(found, event.request, user), key=key)


def _seen(moves: Iterable[Move], case: Request, user: User | AnonymousUser) -> tuple[Move, ...]:
    """The clocks of appeals only for who sees appeals."""
    if user.has_perm("reviewer.view_appeal"):
        return tuple(moves)
    return tuple(one for one in moves if one.of == case.number)


def shown_all(
    corrections: Sequence[ReceiptCorrection], user: User | AnonymousUser, *, at: datetime
) -> list[CorrectionShown]:
    """As they stand; of the decided ones with what was kept of their moves."""
    kept = _kept([one for one in corrections if one.is_approved])
    return [_shown(one, kept.get(one.pk, []), user, at=at) for one in corrections]


def _shown(
    one: ReceiptCorrection, kept: list[Move], user: User | AnonymousUser, *, at: datetime
) -> CorrectionShown:
    event = one.event
    if one.is_approved is None:
        tried = try_time(event, one.at, user, at=at)
    else:
        tried = Tried(_seen(kept, event.request, user))
    return CorrectionShown(
        one, fact_of(event), state_of(one), tried, one.proposed_by.user_id == user.pk
    )


def state_of(one: ReceiptCorrection) -> str:
    if one.is_approved is None:
        return WAITING
    return APPROVED if one.is_approved else DECLINED


def _kept(approved: Iterable[ReceiptCorrection]) -> dict[int, list[Move]]:
    """What each approved correction moved, from its milestone."""
    cases = {one.event.request_id for one in approved}
    if not cases:
        return {}
    told = Event.objects.filter(request__in=cases, name=Event.Name.TIME_CORRECTED)
    return {
        after["correction"]: [Move.from_json(move) for move in after["moved"]]
        for after in told.values_list("after", flat=True)
        if "correction" in after
    }
