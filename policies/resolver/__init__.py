"""Which version of a bulletin governs a request, with the sentence that says why.

A version governs when it is published, in effect on the day by which its bulletin or the line of
business goes, and meant for the line of business and the jurisdiction. Where one of these is not
stated nothing is guessed: the answer then holds no version, and the near misses say what was
missing.
"""

from policies.resolver.fitting import TERMS, Fit, Terms, fit
from policies.resolver.governing import (
    Governing,
    NearMiss,
    governing_on_each,
    governing_version,
    governing_versions,
)
from policies.resolver.occasions import Occasion, compared
from policies.resolver.wording import period

__all__ = [
    "TERMS",
    "Fit",
    "Governing",
    "NearMiss",
    "Occasion",
    "Terms",
    "compared",
    "fit",
    "governing_on_each",
    "governing_version",
    "governing_versions",
    "period",
]
