"""The library's tables, a module a concept."""

from policies.models.add_ons import AddOnEdit, AddOnFile, Program
from policies.models.authorization import AuthorizationList, AuthorizationRule, Requirement
from policies.models.bulk_imports import ImportFile, ImportRun
from policies.models.bulletins import Bulletin, EffectiveBasis, LineOfBusiness, StanceType
from policies.models.code_sets import Code, Descriptor, Release, System
from policies.models.code_tables import CodeGroup, CodeRow, CodeSpan, Stance
from policies.models.criteria import Criterion, Fate, Rule
from policies.models.drafting import Edit, Mend
from policies.models.effective_basis import BasisChange, LineBasis
from policies.models.readers import Acknowledgment
from policies.models.reclassifications import Reclassification
from policies.models.release_findings import ReleaseFinding
from policies.models.text import Passage, Reference, Section
from policies.models.versions import Publication, Version
from policies.models.vocabulary import SynonymSet
from policies.models.written_once import WrittenOnce

__all__ = [
    "Acknowledgment",
    "AddOnEdit",
    "AddOnFile",
    "AuthorizationList",
    "AuthorizationRule",
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
    "Program",
    "Publication",
    "Reclassification",
    "Reference",
    "Release",
    "ReleaseFinding",
    "Requirement",
    "Rule",
    "Section",
    "Stance",
    "StanceType",
    "SynonymSet",
    "System",
    "Version",
    "WrittenOnce",
]
