"""Which versions govern a code: the resolver, asked by a code instead of a bulletin."""

from collections import defaultdict
from dataclasses import dataclass

from policies.look_up import naming
from policies.models import Bulletin, Version
from policies.resolver import Governing, Occasion, governing_versions
from policies.wording import listed


@dataclass(frozen=True, slots=True)
class GoverningCode:
    """What one bulletin answers for a code; `naming` are its published versions that name it."""

    code: str
    governing: Governing
    naming: tuple[Version, ...]

    @property
    def is_named(self) -> bool:
        """Whether the version that governs names the code."""
        return self.governing.version in self.naming

    @property
    def sentence(self) -> str:
        """The resolver's sentence, and whether that version names the code."""
        if self.governing.version is None or self.is_named:
            return self.governing.sentence
        others = listed([str(one.ordinal) for one in self.naming])
        what = "version" if len(self.naming) == 1 else "versions"
        verb = "does" if len(self.naming) == 1 else "do"
        ordinal = self.governing.version.ordinal
        return (
            f"{self.governing.sentence} Version {ordinal} does not name {self.code}; {what} "
            f"{others} {verb}."
        )


def resolve_code(code: str, occasion: Occasion) -> tuple[GoverningCode, ...]:
    """The answer of every bulletin that ever named the code, by number; four queries."""
    bulletins: dict[int, Bulletin] = {}
    versions: dict[int, dict[int, Version]] = defaultdict(dict)
    display = code
    for hit in naming(code):
        bulletin = hit.version.bulletin
        bulletins[bulletin.pk], display = bulletin, hit.asked
        versions[bulletin.pk][hit.version.pk] = hit.version
    return tuple(
        GoverningCode(display, one, tuple(versions[one.bulletin.pk].values()))
        for one in governing_versions(bulletins.values(), occasion)
    )
