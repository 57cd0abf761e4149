"""Two versions of a bulletin, compared: text, criteria, codes, and what each change does."""

from policies.comparison.bulletins import CodeTable, Comparison, Noted, Part, compare
from policies.comparison.editions import Edition, edition_of, editions_of
from policies.comparison.effects import Change, Effect, rules_in_words

__all__ = [
    "Change",
    "CodeTable",
    "Comparison",
    "Edition",
    "Effect",
    "Noted",
    "Part",
    "compare",
    "edition_of",
    "editions_of",
    "rules_in_words",
]
