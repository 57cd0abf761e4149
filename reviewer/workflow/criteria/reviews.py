"""Reading the criteria review of a request: which one holds, and what its answers come to."""

from collections.abc import Iterable

from django.db.models import F, Prefetch

from policies.models import Criterion, Version
from reviewer.models import Appeal, CriteriaReview, CriterionAnswer, Evidence, Request
from reviewer.workflow.criteria.result import Answers, Result, Value, evaluate
from reviewer.workflow.criteria.tree import Tree, tree_of


def review_of(
    request: Request, version: Version, appeal: Appeal | None = None
) -> CriteriaReview | None:
    """The open review of the version, else the one that was locked last; an appeal has its own."""
    found = CriteriaReview.objects.filter(request=request, version=version, appeal=appeal)
    return found.open().first() or found.order_by("locked_at", "id").last()


def reviews_by_version(request: Request, appeal: Appeal | None = None) -> dict[int, CriteriaReview]:
    """The review that holds of each version that was answered, with its answers; two queries."""
    found = CriteriaReview.objects.filter(request=request, appeal=appeal)
    related = found.select_related("version__bulletin").prefetch_related("answers")
    # The open one of a version last, so that it takes the place of those that are locked.
    return {one.version_id: one for one in related.order_by(F("locked_at").asc(nulls_last=True))}


def answers_of(review: CriteriaReview | None) -> list[CriterionAnswer]:
    """The answers with who gave them and their evidence, in the order of the text."""
    if review is None:
        return []
    found = review.answers.select_related("criterion", "answered_by__user")
    pages = Evidence.objects.select_related("document__set_aside")
    in_order = found.order_by("criterion__position")
    return list(in_order.prefetch_related(Prefetch("evidence", pages)))


def findings(answers: Iterable[CriterionAnswer]) -> Answers:
    return {one.criterion_id: Value(one.finding) for one in answers if one.finding}


def result_of(review: CriteriaReview, tree: Tree | None = None) -> Result:
    """What the answers come to, by the logic of the version's text."""
    tree = tree or tree_of(review.version)
    return evaluate(tree.nodes(), findings(review.answers.all()))


def unanswered(review: CriteriaReview) -> list[Criterion]:
    """The statements that nobody has answered and that were not set aside."""
    tree = tree_of(review.version)
    statements = tree.by_key()
    return [statements[key].criterion for key in result_of(review, tree).open]
