"""What was found, as pages tell it: by release, by bulletin, by version, by code, by owner."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cache

from django.contrib.auth.models import AnonymousUser, User
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, Count, F, Q, QuerySet, TextField
from django.urls import reverse

from policies.models import Bulletin, Release, ReleaseFinding, Version
from policies.models.code_sets import SLUGS
from policies.prepared import AnyOf, Prepared, PreparedModels, Slot

Kind = ReleaseFinding.Kind
OPEN = Q(settled_at__isnull=True)
SHOWN = 8  # codes of a kind, in a sentence
NOBODY = "-"
WORDS = {
    Kind.DELETED: "deleted",
    Kind.REVISED: "described in other words",
    Kind.NEW_IN_RANGE: "new inside a listed range",
    Kind.ADD_ON_ALONE: "an add-on whose primary is not named",
    Kind.BECAME_BILLABLE: "a header that became billable",
    Kind.BECAME_HEADER: "now a header, too general to be billed",
}


@dataclass(frozen=True, slots=True)
class BulletinLine:
    """A bulletin that a release touched: by kind, how many findings are open and how many were."""

    bulletin: Bulletin
    counts: dict[str, tuple[int, int]]

    @property
    def open(self) -> int:
        return sum(left for left, _ in self.counts.values())

    def cells(self, kinds: Collection[str]) -> list[tuple[str, int, int]]:
        return [(kind, *self.counts.get(kind, (0, 0))) for kind in kinds]


@dataclass(frozen=True, slots=True)
class Some:
    """The open findings of one kind in a version: words, codes with the rows they stand in."""

    words: str
    codes: list[tuple[str, int]]
    more: int


@dataclass(frozen=True, slots=True)
class Told:
    """What one release did to a version and is not settled."""

    release: Release
    count: int  # of codes
    kinds: list[Some]


@dataclass(slots=True)
class Task:
    """What one release left for the owner of bulletins to settle: the bulletins with the most
    open findings, each with its number, their count and an address, and how many there are."""

    release: str
    address: str
    open: int = 0
    count: int = 0
    bulletins: list[tuple[str, int, str]] = field(default_factory=list)

    @property
    def more(self) -> int:
        return self.count - len(self.bulletins)


def releases() -> QuerySet[Release]:
    """The newest first, with how many findings each has, and how many of them are open."""
    counted = Release.objects.annotate(
        found=Count("findings"),
        open=Count("findings", Q(findings__settled_at__isnull=True)),
        bulletins=Count("findings__bulletin", distinct=True),
    )
    return counted.order_by("-valid_from", "-loaded_at", "system")


def by_bulletin(release: Release, *, owner: str = "", only_open: bool) -> list[BulletinLine]:
    """Bulletins that the release touched, of an owner (a key, or "-" for nobody). Two queries."""
    counted = (
        ReleaseFinding.objects.filter(release=release)
        .order_by("bulletin__number", "kind")
        .values("bulletin", "kind")
        .annotate(found=Count("pk"), open=Count("pk", OPEN))
        .filter(*_owned(owner))
    )
    counts: defaultdict[int, dict[str, tuple[int, int]]] = defaultdict(dict)
    for one in counted:
        counts[one["bulletin"]][one["kind"]] = one["open"], one["found"]
    bulletins = Bulletin.objects.select_related("owner").in_bulk(list(counts))
    lines = [BulletinLine(bulletins[pk], some) for pk, some in counts.items()]
    return [one for one in lines if one.open or not only_open]


def owners(release: Release) -> list[tuple[str, str]]:
    """Who owns a bulletin that the release touched: key and name. One query."""
    owned = ReleaseFinding.objects.filter(release=release).values("bulletin__owner")
    people = User.objects.filter(pk__in=owned).order_by("last_name", "first_name", "username")
    return [(str(one.pk), one.get_full_name() or one.get_username()) for one in people]


def of_version(version: Version) -> list[Told]:
    """What releases did to the version and nobody has settled, the newest first. One query."""
    by_release: defaultdict[Release, list[ReleaseFinding]] = defaultdict(list)
    for finding, release in _of_version().ask(version=version.pk):
        by_release[release].append(finding)
    return [
        Told(release, len({one.code for one in some}), list(_kinds(some)))
        for release, some in by_release.items()
    ]


@cache
def _of_version() -> PreparedModels:
    open_ = ReleaseFinding.objects.filter(OPEN, version=Slot("version", BigIntegerField()))
    in_order = open_.order_by("-release__valid_from", "release", "code", "row_position")
    return PreparedModels(in_order, "release")


def of_code(system: str, code: str, bulletins: Collection[int]) -> dict[tuple[int, int], str]:
    """What is not settled of a code as displayed: by version and row, in words. One query."""
    told: defaultdict[tuple[int, int], list[str]] = defaultdict(list)
    for version, row, kind, release in _of_code().ask(
        system=system, code=code, bulletins=list(bulletins)
    ):
        words = f"{WORDS[Kind(kind)]} with {Release(system=system, name=release)}"
        if words not in told[version, row]:
            told[version, row].append(words)
    return {place: "; ".join(words) for place, words in told.items()}


@cache
def _of_code() -> Prepared:
    among = AnyOf(F("bulletin"), Slot("bulletins", ArrayField(BigIntegerField())))
    found = ReleaseFinding.objects.filter(
        OPEN,
        among,
        code=Slot("code", TextField()),
        release__system=Slot("system", TextField()),
    )
    in_order = found.order_by("release__valid_from", "kind")
    return Prepared(in_order.values_list("version_id", "row_position", "kind", "release__name"))


def tasks_of(user: User | AnonymousUser) -> list[Task]:
    """What the person's own bulletins wait for, by release. One query."""
    if not user.is_authenticated or not user.has_perm("policies.view_releasefinding"):
        return []
    waiting = (
        ReleaseFinding.objects.filter(OPEN, bulletin__owner=user.pk)
        .values_list("release", "release__system", "release__name", "release__valid_from",
                     "bulletin", "bulletin__number")
        .annotate(open=Count("pk"))
        .order_by("-release__valid_from", "release", "-open", "bulletin__number")
    )  # fmt: skip
    board = reverse("admin:policies_releasefinding_changelist")
    tasks: dict[int, Task] = {}
    for release, system, name, _, bulletin, number, count in waiting:
        address = f"{board}?release={release}&owner=mine"
        task = tasks.setdefault(release, Task(f"{system}, {name}", address))
        task.open += count
        task.count += 1
        if len(task.bulletins) < SHOWN:
            task.bulletins.append((number, count, board_address(release, bulletin)))
    return list(tasks.values())


def board_address(release: int, bulletin: int) -> str:
    return reverse("admin:policies_releasefinding_bulletin", args=[release, bulletin])


def code_address(system: str, code: str) -> str:
    return reverse("policies:code_detail", args=[SLUGS[system], code])


def _owned(owner: str) -> list[Q]:
    if not owner:
        return []
    return [Q(bulletin__owner__isnull=True) if owner == NOBODY else Q(bulletin__owner=owner)]


def _kinds(findings: list[ReleaseFinding]) -> Iterator[Some]:
    for kind, words in WORDS.items():
        rows: dict[str, int] = {}
        for one in findings:
            if one.kind == kind:
                rows.setdefault(one.code, one.row_position)
        if rows:
            yield Some(words, list(rows.items())[:SHOWN], max(len(rows) - SHOWN, 0))
