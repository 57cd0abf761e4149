"""Two versions of a bulletin, compared: text, criteria, codes, and what each change does."""

from policies.comparison.bulletins import compare
from policies.comparison.editions import Edition, edition_of, editions_of
from policies.comparison.effects import Change, Effect, Override, rules_in_words
from policies.comparison.parts import CodeTable, Comparison, Noted, Part

__all__ = [
    "Change",
    "CodeTable",
    "Comparison",
    "Edition",
    "Effect",
    "Noted",
    "Override",
    "Part",
    "compare",
    "edition_of",
    "editions_of",
    "rules_in_words",
]
