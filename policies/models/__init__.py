"""The library's tables, a module a concept."""

from policies.models.bulk_imports import ImportFile, ImportRun
from policies.models.bulletins import Bulletin, EffectiveBasis, LineOfBusiness, StanceType
from policies.models.code_sets import Code, Descriptor, Release, System
from policies.models.code_tables import CodeGroup, CodeRow, CodeSpan, Stance
from policies.models.criteria import Criterion, Fate, Rule
from policies.models.drafting import Edit, Mend
from policies.models.effective_basis import BasisChange, LineBasis
from policies.models.readers import Acknowledgment
from policies.models.reclassifications import Reclassification
from policies.models.text import Passage, Reference, Section
from policies.models.versions import Publication, Version
from policies.models.vocabulary import SynonymSet
from policies.models.written_once import WrittenOnce

__all__ = [
    "Acknowledgment",
    "BasisChange",
    "Bulletin",
    "Code",
    "CodeGroup",
    "CodeRow",
    "CodeSpan",
    "Criterion",
    "Descriptor",
    "Edit",
    "EffectiveBasis",
    "Fate",
    "ImportFile",
    "ImportRun",
    "LineBasis",
    "LineOfBusiness",
    "Mend",
    "Passage",
    "Publication",
    "Reclassification",
    "Reference",
    "Release",
    "Rule",
    "Section",
    "Stance",
    "StanceType",
    "SynonymSet",
    "System",
    "Version",
    "WrittenOnce",
]
