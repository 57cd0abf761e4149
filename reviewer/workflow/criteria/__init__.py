"""The criteria of the governing version, answered for a request, and what the answers come to."""

from reviewer.workflow.criteria.answers import (
    LostRace,
    answer_criterion,
    lock_review,
    lock_reviews_of,
    open_review,
    point_to_evidence,
    remove_evidence,
)
from reviewer.workflow.criteria.blindness import blind_for, first_review, has_answered_all
from reviewer.workflow.criteria.result import Result, Value, Verdict
from reviewer.workflow.criteria.reviews import answers_of, result_of, review_of, unanswered
from reviewer.workflow.criteria.taking_over import answers_elsewhere, take_over_answers
from reviewer.workflow.criteria.tree import Tree, tree_of, trees_of

__all__ = [
    "LostRace",
    "Result",
    "Tree",
    "Value",
    "Verdict",
    "answer_criterion",
    "answers_elsewhere",
    "answers_of",
    "blind_for",
    "first_review",
    "has_answered_all",
    "lock_review",
    "lock_reviews_of",
    "open_review",
    "point_to_evidence",
    "remove_evidence",
    "result_of",
    "review_of",
    "take_over_answers",
    "tree_of",
    "trees_of",
    "unanswered",
]
