"""What the policy says: the sections of a version that speak, with how their statements combine."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from policies.kept import Kept
from policies.models import Criterion, Passage, Rule, Section, StanceType, Version

SILENT: Final = {"background", "references", "codes", "related", "history", "contents", "appendix"}
LOGIC: Final = {Rule.ALL: "all of these", Rule.ANY: "any of these", Rule.NONE: "none of these"}
LIMITS: Final = {"limitations", "experimental", "cosmetic", "scope", "brand_selection"}
KEPT: Final = 96  # versions whose sections a process keeps set; the median one takes about 40 kB
_kept: "Kept[tuple[int, str], tuple[Piece, ...]]" = Kept(KEPT)
SHORT: Final = 24  # passages; a longer section is folded


@dataclass(frozen=True, slots=True)
class Said:
    """A passage, where it stands, and how the statements under it combine."""

    passage: Passage
    place: str  # inside its version: "I.A.1", "limitation 1"
    logic: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """A section that speaks."""

    version: Version
    section: Section
    grounds: list[str]
    said: list[Said]
    is_logic_confirmed: bool  # by a person; else it is as software read it
    is_aside: bool  # of a version that only names the code as related

    @property
    def is_open(self) -> bool:
        return len(self.said) <= SHORT and not self.is_aside

    @property
    def is_limit(self) -> bool:
        """Whether it says what is not covered, rather than what must be met."""
        return self.section.kind in LIMITS

    @property
    def has_logic(self) -> bool:
        return any(one.logic for one in self.said)

    @property
    def heading(self) -> str:
        words = self.section.heading.rstrip(" :")
        return f"{self.section.label}. {words}" if self.section.label else words


class Piece(NamedTuple):
    """A section that speaks, as the workspace shows it."""

    is_limit: bool
    html: SafeString


def pieces_of(versions: Iterable[Version]) -> dict[int, tuple[Piece, ...]]:
    """The speaking sections of published versions, set.

    One query where a process keeps them, five where it does not, however many there are.
    Published versions never change; nothing personal and no day is in what they say.
    """
    asked = [version.pk for version in versions]
    hashes = Version.objects.published().filter(pk__in=asked).values_list("pk", "content_hash")
    found = {key: _kept.get(key) for key in hashes}
    missing = [pk for (pk, _), pieces in found.items() if pieces is None]
    made = _set(missing) if missing else {}
    for key in found:
        if key[0] in made:
            _kept.keep(key, made[key[0]])
    return {pk: pieces for (pk, _), pieces in found.items() if pieces is not None} | made


def _set(pks: Collection[int]) -> dict[int, tuple[Piece, ...]]:
    versions = Version.objects.select_related("bulletin").only("ordinal", "bulletin__number")
    return {
        pk: tuple(
            Piece(part.is_limit, render_to_string("reviewer/parts/spoken.html", {"part": part}))
            for part in said
        )
        for pk, said in spoken_by(versions.filter(pk__in=pks)).items()
    }


def spoken_by(
    versions: Iterable[Version], *, aside: Collection[int] = ()
) -> dict[int, list[Spoken]]:
    """The speaking sections of each version, in its order. Three queries for all of them.

    Those of the versions in `aside` (their keys) are folded.
    """
    asked = {version.pk: version for version in versions}
    sections = _speaking_sections(asked)
    logic, not_confirmed = _read(asked)
    held: dict[int, list[Passage]] = defaultdict(list)
    passages = Passage.objects.filter(section__in=sections).defer("search")
    for passage in passages.order_by("position"):
        held[passage.section_id].append(passage)
    found: dict[int, list[Spoken]] = {pk: [] for pk in asked}
    for section in sections.values():
        version = asked[section.version_id]
        said = [
            Said(
                one,
                _place(one),
                logic.get((version.pk, one.anchor), "") if _is_criterion(one) else "",
            )
            for one in held[section.pk]
        ]
        if said:
            anchors = {(version.pk, one.passage.anchor) for one in said}
            anchors.add((version.pk, section.anchor))
            found[version.pk].append(
                Spoken(
                    version,
                    section,
                    _grounds(held[section.pk]),
                    said,
                    is_logic_confirmed=anchors.isdisjoint(not_confirmed),
                    is_aside=version.pk in aside,
                )
            )
    return found


Place = tuple[int, str]  # the version's key and the anchor


def _read(versions: Iterable[int]) -> tuple[dict[Place, str], set[Place]]:
    """How criteria combine, in words, and those that no person has confirmed."""
    criteria = Criterion.objects.filter(version__in=list(versions)).order_by()
    logic: dict[Place, str] = {}
    not_confirmed: set[Place] = set()
    for one in criteria.only("version", "anchor", "rule", "at_least", "confirmed_at"):
        place = one.version_id, one.anchor
        if words := _logic(one):
            logic[place] = words
        if one.confirmed_at is None:
            not_confirmed.add(place)
    return logic, not_confirmed


def _speaking_sections(versions: Iterable[int]) -> dict[int, Section]:
    sections = {
        one.pk: one
        for one in Section.objects.filter(version__in=list(versions))
        .order_by("version", "position")
        .defer("search")
    }
    has_policy = {one.version_id for one in sections.values() if one.anchor == "policy"}
    speaking = {}
    for section in sections.values():
        top = section
        while top.parent_id:
            top = sections[top.parent_id]
        in_policy = top.anchor == "policy" or section.version_id not in has_policy
        if in_policy and not {section.kind, top.kind} & SILENT:
            speaking[section.pk] = section
    return speaking


def _is_criterion(passage: Passage) -> bool:
    """Whether it is something to be met: what excludes only lists what is excluded."""
    return passage.stance_type in ("", StanceType.MEDICAL_NECESSITY)


def _logic(criterion: Criterion) -> str:
    if criterion.rule == Rule.AT_LEAST:
        return f"at least {criterion.at_least} of these"
    return LOGIC.get(Rule(criterion.rule), "")


def _grounds(passages: Iterable[Passage]) -> list[str]:
    """On what grounds they speak; one that is only proposed says so."""
    found: dict[str, bool] = {}
    for one in passages:
        if one.stance_type:
            is_confirmed = one.stance_confirmed_at is not None
            found[one.stance_type] = found.get(one.stance_type, True) and is_confirmed
    return [
        f"{StanceType(one).label}{'' if is_confirmed else ' (proposed, not confirmed)'}"
        for one, is_confirmed in found.items()
    ]


def _place(passage: Passage) -> str:
    """Where a passage stands in its version: "I.A.1"; empty for a paragraph by itself."""
    kind, _, rest = passage.anchor.partition("-")
    if kind == "criteria":
        return rest.replace("-bullet", ".").replace("-", ".")
    return f"{kind.removesuffix('s')} {rest}" if kind == "limitations" else ""
