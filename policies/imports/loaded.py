"""Who is told when a release has been loaded: inside its transaction, after its last row."""

from collections.abc import Callable

from policies.models import Release

Told = Callable[[Release], object]
_told: list[Told] = []


def when_loaded(tell: Told) -> Told:
    """Register a function that every new release is given to; once, however often asked."""
    if tell not in _told:
        _told.append(tell)
    return tell


def tell_loaded(release: Release) -> None:
    for tell in _told:
        tell(release)
