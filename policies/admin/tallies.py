"""How a draft stands to the version whose place it would take."""

from contextlib import suppress

from policies.comparison import Comparison, Edition, Effect, compare, editions_of
from policies.imports.content import PartsDiffer, current_content
from policies.models import Version

Tally = dict[Effect, int]


def replaced_by(version: Version) -> Version | None:
    """The version whose place it takes, or took: the one that goes on, else the last that did."""
    others = Version.objects.filter(bulletin_id=version.bulletin_id).exclude(pk=version.pk)
    others = others.select_related("bulletin", "publication").defer("source_bytes")
    if version.is_frozen:
        ended_by_it = others.filter(publication__successor=version)
        earlier = others.published().filter(ordinal__lt=version.ordinal)
        return ended_by_it.first() or earlier.order_by("-ordinal").first()
    goes_on = others.published().filter(publication__ended_on__isnull=True)
    return goes_on.order_by("-ordinal").first() or others.published().order_by("-ordinal").first()


def comparison_of(old: Version, new: Version) -> Comparison:
    """Both versions as their parts stand now."""
    return compare(*_editions(old, new))


def tally_of(old: Version, new: Version) -> Tally:
    """How many changes there are of each class."""
    before, after = _editions(old, new)
    return compare(before, after).counts


def in_words(tally: Tally) -> str:
    """ "3 tightened, 1 editorial"; or that nothing changed."""
    some = [f"{count} {effect}" for effect, count in tally.items() if count]
    return ", ".join(some) or "nothing changed"


def _editions(old: Version, new: Version) -> list[Edition]:
    if not new.is_frozen:
        with suppress(PartsDiffer):  # which submitting refuses; until then the text as read
            new.content = current_content(new)
    return editions_of(old, new)
