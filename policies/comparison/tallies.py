"""How many changes of each class lie between two versions: for lists, in bulk.

Published versions never change, so what a comparison of two found is kept under their hashes for
as long as the process lives. What people said of its changes is read each time.
"""

from collections import Counter, OrderedDict, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from policies.comparison.bulletins import compare
from policies.comparison.editions import Edition, editions_of
from policies.comparison.effects import Effect
from policies.comparison.reclassified import said_of
from policies.models import Version

KEPT = 4000  # pairs; the classes of a median pair take about 3 kB
Pair = tuple[Version, Version]
Key = tuple[int, str, int, str]

_kept: OrderedDict[Key, tuple[tuple[str, Effect], ...]] = OrderedDict()


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


def _classes(pairs: Iterable[Pair]) -> dict[tuple[int, int], tuple[tuple[str, Effect], ...]]:
    pairs = list(pairs)
    missing = [pair for pair in pairs if _key(pair) not in _kept]
    editions = _editions(missing)
    found = {}
    for pair in pairs:
        before, after = pair
        made = _kept.get(_key(pair))
        if made is None:
            compared = compare(editions[before.pk], editions[after.pk])
            made = tuple((one.change.key, one.change.effect) for one in compared.noted)
        if before.is_frozen and after.is_frozen:
            _keep(_key(pair), made)
        found[before.pk, after.pk] = made
    return found


def _keep(key: Key, made: tuple[tuple[str, Effect], ...]) -> None:
    _kept[key] = made
    _kept.move_to_end(key)
    if len(_kept) > KEPT:
        _kept.popitem(last=False)


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
