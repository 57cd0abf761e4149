"""How many changes of each class lie between two versions: for lists, in bulk.

Published versions never change, so what a comparison of two found is kept under their hashes for
as long as the process lives. What people said of its changes is read each time.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from policies.comparison.bulletins import compare
from policies.comparison.editions import Edition, editions_of
from policies.comparison.effects import Effect
from policies.comparison.reclassified import said_of
from policies.kept import Kept
from policies.models import Version

KEPT = 4000  # pairs; the classes of a median pair take about 3 kB
Pair = tuple[Version, Version]
Key = tuple[int, str, int, str]

_kept: Kept[Key, tuple[tuple[str, Effect], ...]] = Kept(KEPT)


@dataclass(frozen=True, slots=True)
class Tally:
    """Changes by their class; a class without any is not in `counts`."""

    counts: Mapping[Effect, int]

    @property
    def sentence(self) -> str:
        """ "2 tightened, 1 loosened, 1 to be read"; "no change in its text ..."."""
        parts = [f"{count} {_NAMES.get(effect, effect)}" for effect, count in self.counts.items()]
        return ", ".join(parts) or "no change in its text, criteria or codes"


_NAMES = {Effect.READ: "to be read", Effect.SCOPE: "of scope"}


def tallies_of(pairs: Iterable[Pair]) -> dict[tuple[int, int], Tally]:
    """By the keys of the two versions. Three queries at most, however many pairs are asked for."""
    asked = {(before.pk, after.pk): (before, after) for before, after in pairs}
    classes = _classes(asked.values())
    words: dict[tuple[int, int], dict[str, Effect]] = defaultdict(dict)
    for said in said_of(*asked.values()) if asked else ():
        words[said.before_id, said.after_id][said.key] = Effect(said.effect)
    return {
        key: _tally(words[key].get(change, effect) for change, effect in classes[key])
        for key in asked
    }


def _tally(effects: Iterable[Effect]) -> Tally:
    found = Counter(effects)
    return Tally({effect: found[effect] for effect in Effect if found[effect]})


def _classes(pairs: Collection[Pair]) -> dict[tuple[int, int], tuple[tuple[str, Effect], ...]]:
    found = {(before.pk, after.pk): _kept.get(_key((before, after))) for before, after in pairs}
    missing = [pair for pair in pairs if found[pair[0].pk, pair[1].pk] is None]
    editions = _editions(missing)
    made = {}
    for before, after in missing:
        compared = compare(editions[before.pk], editions[after.pk])
        classes = tuple((one.change.key, one.change.effect) for one in compared.noted)
        if before.is_frozen and after.is_frozen:
            _kept.keep(_key((before, after)), classes)
        made[before.pk, after.pk] = classes
    return {key: classes for key, classes in found.items() if classes is not None} | made


def _key(pair: Pair) -> Key:
    before, after = pair
    return before.pk, before.content_hash, after.pk, after.content_hash


def _editions(pairs: Iterable[Pair]) -> dict[int, Edition]:
    wanted = {one.pk for pair in pairs for one in pair}
    if not wanted:
        return {}
    versions = list(Version.objects.filter(pk__in=wanted).defer("source_bytes"))
    return {
        version.pk: edition
        for version, edition in zip(versions, editions_of(*versions), strict=True)
    }
