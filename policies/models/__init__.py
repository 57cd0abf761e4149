"""The library's tables, a module a concept."""

from policies.models.bulletins import (
    Bulletin,
    EffectiveBasis,
    LineOfBusiness,
    Passage,
    Publication,
    Reference,
    Section,
    StanceType,
    Version,
)
from policies.models.code_sets import Code, Descriptor, Release, System
from policies.models.code_tables import CodeGroup, CodeRow, CodeSpan, Stance
from policies.models.criteria import Criterion, Rule

__all__ = [
    "Bulletin",
    "Code",
    "CodeGroup",
    "CodeRow",
    "CodeSpan",
    "Criterion",
    "Descriptor",
    "EffectiveBasis",
    "LineOfBusiness",
    "Passage",
    "Publication",
    "Reference",
    "Release",
    "Rule",
    "Section",
    "Stance",
    "StanceType",
    "System",
    "Version",
]
