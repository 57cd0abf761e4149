"""An appeal is answered blind: the first answers show once the reviewer has given all of theirs."""

from reviewer.models import Appeal, CriteriaReview, Request, Reviewer
from reviewer.workflow.criteria.reviews import result_of, review_of
from reviewer.workflow.criteria.tree import tree_of


def first_review(appeal: Appeal) -> CriteriaReview | None:
    """The answers that the appealed determination was signed on, else the newest of its version."""
    signed = appeal.determination.criteria_review
    if signed or appeal.determination.version is None:
        return signed
    return review_of(appeal.request, appeal.determination.version)


def has_answered_all(appeal: Appeal) -> bool:
    """Whether every statement of a version is answered for the appeal."""
    reviews = CriteriaReview.objects.filter(appeal=appeal, answers__isnull=False).distinct()
    return any(not result_of(one).open for one in reviews.select_related("version"))


def blind_for(request: Request, person: Reviewer) -> Appeal | None:
    """The appeal for whose sake a person does not see the first answers yet."""
    assigned = request.appeals.open().filter(assigned_to=person)
    for appeal in assigned.select_related("determination__version__bulletin"):
        if states_criteria(appeal) and not has_answered_all(appeal):
            return appeal
    return None


def states_criteria(appeal: Appeal) -> bool:
    """Whether the version that the appealed determination pins has anything to answer."""
    version = appeal.determination.version
    return version is not None and bool(tree_of(version).roots)
