"""Criteria that go on from one version of a bulletin to the next keep their identity."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from policies.models import Criterion, Version


class Lineage:
    """The statements of an earlier version; each hands its identity down at most once."""

    def __init__(self, earlier: Version | None) -> None:
        self._by_place: dict[tuple[str, str], UUID] = {}
        self._by_text: defaultdict[str, list[UUID]] = defaultdict(list)
        if earlier is None:
            return
        stated = Criterion.objects.filter(version=earlier).order_by("position")
        for anchor, text, identity in stated.values_list("anchor", "text", "identity"):
            self._by_place[anchor, _words(text)] = identity
            self._by_text[_words(text)].append(identity)

    def hand_down(self, criteria: Iterable[Criterion]) -> None:
        """Set the identity of each statement whose text is in the earlier version.

        Texts recur ("Age 18 or older"), so those in the same place come first, then by order.
        """
        moved = []
        for criterion in criteria:
            words = _words(criterion.text)
            identity = self._by_place.get((criterion.anchor, words))
            if identity in self._by_text[words]:
                self._by_text[words].remove(identity)
                criterion.identity = identity
            else:
                moved.append((criterion, words))
        for criterion, words in moved:
            if self._by_text[words]:
                criterion.identity = self._by_text[words].pop(0)


def _words(text: str) -> str:
    return " ".join(text.split())
