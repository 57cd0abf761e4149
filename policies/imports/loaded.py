"""Who is told when a release or a file of add-on codes has been loaded: inside its transaction,
after its last row."""

from collections.abc import Callable

from policies.models import AddOnFile, Release

Told = Callable[[Release], object]
ToldOfAddOns = Callable[[AddOnFile], object]
_told: list[Told] = []
_told_of_add_ons: list[ToldOfAddOns] = []


def when_loaded(tell: Told) -> Told:
    """Register a function that every new release is given to; once, however often asked."""
    if tell not in _told:
        _told.append(tell)
    return tell


def when_add_ons_loaded(tell: ToldOfAddOns) -> ToldOfAddOns:
    """Register a function that every new file of add-on codes is given to; once."""
    if tell not in _told_of_add_ons:
        _told_of_add_ons.append(tell)
    return tell


def tell_loaded(release: Release) -> None:
    for tell in _told:
        tell(release)


def tell_add_ons_loaded(file: AddOnFile) -> None:
    for tell in _told_of_add_ons:
        tell(file)
