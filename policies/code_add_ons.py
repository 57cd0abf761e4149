"""Add-on codes and their primary codes, as the newest NCCI files by a day state them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.db.models import DateField, Q, QuerySet, TextField, Value
from django.urls import reverse

from policies.code_standing import with_short
from policies.models import AddOnEdit, AddOnFile, Code, System
from policies.models.code_sets import SLUGS
from policies.prepared import PreparedModels, Slot
from policies.reading import codes
from policies.wording import listed

SYSTEMS = (System.CPT, System.HCPCS)
MOST = 40


@dataclass(frozen=True, slots=True)
class Named:
    """A code that a file names, with its row where a release holds it."""

    key: str
    code: Code | None

    @property
    def system(self) -> str:
        """Of a code that no release holds: what it is written like."""
        return self.code.system if self.code else (codes.systems_of(self.key) or ("other",))[0]

    def get_absolute_url(self) -> str:
        return reverse("policies:code_detail", args=[SLUGS[self.system], self.key])


@dataclass(frozen=True, slots=True)
class AddOnNote:
    """What the files of some programs say alike. `more`: how many codes are not shown."""

    sentence: str
    codes: tuple[Named, ...]
    more: int
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AddOns:
    """As an add-on: with which primary codes; as a primary: which add-ons go with it."""

    is_add_on: bool
    as_add_on: tuple[AddOnNote, ...]
    as_primary: tuple[AddOnNote, ...]
    absence: str  # why no primary code is named, where none is


def add_ons_of(key: str, *, is_add_on: bool, on: date) -> AddOns | None:
    """None where nothing is to be said. One query for most codes, three at most."""
    edits = _edits(key, on)
    own = [one for one in edits if one.add_on == key]
    others = [one for one in edits if one.add_on != key]
    if not (own or others or is_add_on):
        return None
    known = _known({code for one in edits for code in (one.add_on, one.primary)} - {key, ""}, on)
    return AddOns(
        is_add_on=is_add_on or bool(own),
        as_add_on=_notes(own, known, _with_primaries),
        as_primary=_notes(others, known, _with_add_ons),
        absence="" if own else _absence(on) if is_add_on else "",
    )


def _newest(on: date | Value) -> QuerySet[AddOnFile]:
    """The file of each program that holds on the day."""
    begun = AddOnFile.objects.filter(valid_from__lte=on)
    return begun.order_by("program", "-valid_from", "-pk").distinct("program")


def _edits(key: str, on: date) -> list[AddOnEdit]:
    edits = []
    for edit, file in _naming().ask(key=key, on=on):
        edit.file = file
        edits.append(edit)
    return edits


@cache
def _naming() -> PreparedModels:
    """The edits of a code on a day, by the newest files."""
    key, on = Slot("key", TextField()), Slot("on", DateField())
    in_force = Q(effective_to__isnull=True) | Q(effective_to__gte=on)
    named = Q(add_on=key) | Q(primary=key)
    held = AddOnEdit.objects.filter(named, in_force, effective_from__lte=on)
    newest = held.filter(file__in=_newest(on).values("pk"))
    return PreparedModels(newest.order_by("file__program", "add_on", "primary"), "file")


def _known(keys: set[str], on: date) -> dict[str, Code]:
    """The rows of the codes; where none is valid on the day, the newest."""
    if not keys:
        return {}
    rows = with_short(Code.objects.filter(key__in=keys, system__in=SYSTEMS), on)
    return {one.key: one for one in rows.order_by("valid_from")}


def _notes(
    edits: Sequence[AddOnEdit], known: dict[str, Code], say: "_Say"
) -> tuple[AddOnNote, ...]:
    """Programs that say the same are told in one note."""
    by_file: dict[AddOnFile, list[AddOnEdit]] = defaultdict(list)
    for edit in edits:
        by_file[edit.file].append(edit)
    alike: dict[tuple[tuple[int, ...], tuple[str, ...]], list[AddOnFile]] = defaultdict(list)
    for file, found in by_file.items():
        kinds = tuple(sorted({one.kind for one in found}))
        alike[kinds, say.others(found)].append(file)
    return tuple(
        AddOnNote(
            sentence=say.sentence(kinds, listed([_name(one) for one in files])),
            codes=tuple(Named(key, known.get(key)) for key in keys[:MOST]),
            more=max(0, len(keys) - MOST),
            notes=tuple(
                dict.fromkeys(one.note for file in files for one in by_file[file] if one.note)
            ),
        )
        for (kinds, keys), files in alike.items()
    )


class _Say:
    """How one side of the pairs is told."""

    def __init__(self, other: str, sentences: dict[int, str]) -> None:
        self.other = other
        self._sentences = sentences

    def others(self, edits: Sequence[AddOnEdit]) -> tuple[str, ...]:
        """The codes on the other side."""
        return tuple(sorted({getattr(one, self.other) for one in edits} - {""}))

    def sentence(self, kinds: Sequence[int], files: str) -> str:
        """By the loosest kind that the file gives."""
        kind = AddOnEdit.Kind.LISTED_AND_MORE if len(kinds) > 1 else kinds[0]
        return f"{self._sentences[kind]}, by {files}."


_with_primaries = _Say(
    "primary",
    {
        AddOnEdit.Kind.LISTED: "Only together with one of these primary codes",
        AddOnEdit.Kind.LEFT_TO_PAYER: "The payer names the primary codes",
        AddOnEdit.Kind.LISTED_AND_MORE: (
            "Together with one of these primary codes or another that the payer names"
        ),
    },
)
_with_add_ons = _Say(
    "add_on", dict.fromkeys(AddOnEdit.Kind.values, "These add-on codes go with it")
)


def _name(file: AddOnFile) -> str:
    return f"{file.get_program_display()}'s file {file.name}"


def _absence(on: date) -> str:
    names = [_name(one) for one in _newest(on)]
    if not names:
        return f"No file of add-on codes is loaded for {on}, so its primary codes are not stated."
    return f"Its primary codes are not stated: it is not in {listed(names)}."
