"""Asking for what the record lacks, thing by thing, and what came of each."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from policies.models import Criterion
from reviewer.models import (
    CriteriaReview,
    Document,
    Event,
    Finding,
    InformationItem,
    InformationRequest,
    Notice,
    Request,
    Reviewer,
)
from reviewer.workflow.acts.writing import happened, keep_letter, kept
from reviewer.workflow.criteria import unanswered
from reviewer.workflow.errors import Refused, verb
from reviewer.workflow.guards import account, lock, require_in_use, require_words
from reviewer.workflow.information_letters import (
    Asking,
    Limit,
    Wanted,
    as_notice,
    letters_of,
    stated_limit,
)
from reviewer.workflow.requests import ENTER, REVIEW, receive_information, request_information

__all__ = ["Limit", "Wanted", "ask_for_information", "receive_items", "stated_limit"]

Ending = InformationRequest.Ending
FURTHEST: Final = timedelta(days=366)


def open_criteria(request: Request) -> list[Criterion]:
    """What a request may be built from: criteria that nobody answered, or that are unclear."""
    found: dict[int, Criterion] = {}
    for review in CriteriaReview.objects.open().filter(request=request, appeal=None):
        unclear = review.answers.filter(finding=Finding.UNCLEAR).select_related("criterion")
        for one in [*(answer.criterion for answer in unclear), *unanswered(review)]:
            found[one.pk] = one
    return sorted(found.values(), key=lambda one: (one.version_id, one.position))


def asking_of(
    request: Request,
    *,
    items: Sequence[Wanted],
    recipient: str,
    channel: str,
    words: str,
    answer_due_at: datetime | None,
    at: datetime,
) -> Asking:
    """What would be asked. Until when is stated by the clock's own rule; where none does, it is
    `answer_due_at`. Raises Refused with what is missing."""
    if not items:
        raise Refused("Say what information is needed, thing by thing.")
    for item in items:
        require_words(item.words, "what is wanted")
    if recipient not in Notice.Recipient.values:
        raise Refused("Say who is asked: the member or the provider.")
    if channel not in Notice.Channel.values:
        raise Refused("Say how it is asked for.")
    limit = stated_limit(request, at=at)
    due = limit.at if limit else answer_due_at
    if due is not None and not at < due < at + FURTHEST:
        raise Refused("The answer is expected at a later time, within a year. Mend the day.")
    return Asking(request, items, recipient, channel, words, due, limit)


@verb
def ask_for_information(
    *,
    request: Request,
    items: Sequence[Wanted],
    recipient: str,
    channel: str,
    words: str,
    answer_due_at: datetime | None,
    by: Reviewer,
    at: datetime,
) -> InformationRequest:
    """Ask someone for things by name, in a letter that is kept; the case waits for them.

    No clock stops by this alone. Of an urgent claim the letter is the notice of what is missing,
    while that is in time: then the decision's clock waits for the answer.
    """
    lock(request, by=by, needs=[REVIEW])
    asking = asking_of(
        request,
        items=items,
        recipient=recipient,
        channel=channel,
        words=words,
        answer_due_at=answer_due_at,
        at=at,
    )
    notice, letters = as_notice(asking, at=at), keep_letters(asking, by=by, at=at)
    wanted = "; ".join(item.words.strip().rstrip(".;") for item in items) + "."
    told = [kept(one) for one in letters]
    request_information(request=request, wanted=wanted, letters=told, by=by, at=at)
    milestone = request.events.filter(name=Event.Name.INFORMATION_REQUESTED).latest("id")
    if notice:
        due = notice.respond_by
        happened(request, notice.type, by=by, at=at, milestone=milestone, respond_by=due)
    asked = InformationRequest.objects.create(
        request=request,
        recipient=recipient,
        channel=channel,
        words=words,
        sent_by=by,
        sent_at=at,
        answer_due_at=asking.due,
        due_rule=asking.limit.rule_id if asking.limit else "",
        letter=letters[0] if letters else None,
        milestone=milestone,
    )
    InformationItem.objects.bulk_create(
        InformationItem(
            information_request=asked,
            position=position,
            criterion=item.criterion,
            wanted=item.words.strip(),
        )
        for position, item in enumerate(items, 1)
    )
    return asked


def keep_letters(asking: Asking, *, by: Reviewer, at: datetime) -> list[Notice]:
    """The letters as they go: to whoever is asked first."""
    kind = Notice.Kind.INFORMATION_REQUEST
    return [
        keep_letter(
            asking.request,
            kind=kind,
            body=one.body,
            channel=one.channel,
            recipient=one.recipient,
            by=by,
            at=at,
        )
        for one in letters_of(asking, at=at)
    ]


def awaited(request: Request) -> list[InformationItem]:
    """The things that were asked for and have not come, the oldest first."""
    found = InformationItem.objects.filter(
        information_request__request=request,
        information_request__ended_at=None,
        received_at=None,
    )
    return list(
        found.select_related("information_request", "criterion").order_by(
            "information_request__sent_at", "information_request", "position"
        )
    )


@verb
def receive_items(
    *,
    request: Request,
    what: str,
    received: Mapping[int, Document | None],
    by: Reviewer,
    at: datetime,
    is_all: bool = False,
    is_complete: bool = False,
) -> Request:
    """Note what came in, by the keys of the things it answers; the review goes on.

    With `is_all` nothing more is awaited: what has not come is not coming. `is_complete`, which a
    reviewer says, means that everything is in hand that the decision needs.
    """
    lock(request, by=by, needs=[REVIEW, ENTER])
    if is_complete:
        account(by, REVIEW)
    waiting = {item.pk: item for item in awaited(request)}
    for pk, document in received.items():
        if pk not in waiting:
            raise Refused("What came in was received already. Reload the page to see it.")
        if document:
            require_in_use(document, request)
        item = waiting[pk]
        item.received_at, item.document = at, document
        item.save(update_fields=["received_at", "document"])
    receive_information(request=request, what=what, is_complete=is_complete, by=by, at=at)
    for asked in InformationRequest.objects.waiting().filter(request=request):
        end_if_done(asked, is_all=is_all, by=by, at=at)
    return request


def end_if_done(asked: InformationRequest, *, is_all: bool, by: Reviewer, at: datetime) -> None:
    """Close what is answered, or what is answered no further."""
    came = [item.received_at is not None for item in asked.items.all()]
    if not all(came) and not is_all:
        return
    if all(came):
        asked.ending = Ending.RECEIVED
    else:
        asked.ending = Ending.IN_PART if any(came) else Ending.NOTHING
    asked.ended_at, asked.ended_by = at, by
    asked.save(update_fields=["ending", "ended_at", "ended_by"])
