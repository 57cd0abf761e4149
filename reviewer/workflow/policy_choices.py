"""A person's choice of the version that a line is reviewed by, or of none."""

from collections.abc import Iterable
from datetime import datetime

from policies.models import Version
from reviewer.models import Event, PolicyChoice, Reviewer, ServiceLine
from reviewer.workflow.errors import Refused, verb
from reviewer.workflow.guards import lock, require_assigned, require_state, require_words
from reviewer.workflow.record import record
from reviewer.workflow.requests import REVIEW, UNDER_REVIEW


@verb
def choose_policy(
    *, line: ServiceLine, version: Version | None, reason: str, by: Reviewer, at: datetime
) -> PolicyChoice:
    """Say by which published version a line is reviewed, or that none applies, and why."""
    request = line.request
    lock(request, by=by, needs=[REVIEW])
    require_state(request, UNDER_REVIEW, "the policy of a line is chosen")
    require_assigned(request, by)
    require_words(reason, "why this version applies" if version else "why no bulletin applies")
    if version and not version.is_frozen:
        raise Refused(f"{version} is not published. Choose a published version.")
    before = chosen_policies([line]).get(line.pk)
    choice = PolicyChoice.objects.create(
        line=line, version=version, reason=reason, chosen_by=by, chosen_at=at
    )
    named = str(version) if version else "no bulletin applies"
    record(
        request,
        Event.Name.POLICY_CHOSEN,
        by=by,
        at=at,
        sentence=f"{line}: {named}. {reason}",
        before={"version": str(before.version) if before and before.version else None},
        after={"version": str(version) if version else None},
    )
    return choice


def chosen_policies(lines: Iterable[ServiceLine]) -> dict[int, PolicyChoice]:
    """By line the choice that holds, the newest; one query."""
    found = PolicyChoice.objects.filter(line__in=[one.pk for one in lines]).order_by("pk")
    return {
        one.line_id: one for one in found.select_related("version__bulletin", "chosen_by__user")
    }
