"""Clocks in the record: facts are noted with their milestones, limits are computed from them."""

from reviewer.workflow.clocks.answers import computed, decision_among, decision_clock
from reviewer.workflow.clocks.facts import events_of
from reviewer.workflow.clocks.noting import correct, end_clocks, is_awaited, keep_due, note
from reviewer.workflow.clocks.recomputing import Difference, recompute
from reviewer.workflow.clocks.scopes import governing_regime

__all__ = [
    "Difference",
    "computed",
    "correct",
    "decision_among",
    "decision_clock",
    "end_clocks",
    "events_of",
    "governing_regime",
    "is_awaited",
    "keep_due",
    "note",
    "recompute",
]
