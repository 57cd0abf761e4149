"""The steps that are looking: at what changed, at what reviewers will see, at what it touches."""

from collections.abc import Iterator

from django.urls import reverse

from policies.admin.step import Case, Group, State, Step
from policies.admin.tallies import in_words, replaced_by, tally_of


def looking(case: Case) -> Iterator[Step]:
    yield _compare(case)
    words = "As reviewers will see it."
    call, address = "Preview it as reviewers will see it", case.version.get_absolute_url()
    yield Step("preview", Group.LOOK, State.LOOK, words, call, address)
    words = "Requests, approvals, appeals and letters."
    call, address = "See what it touches", case.address("impact")
    yield Step("impact", Group.LOOK, State.LOOK, words, call, address)


def _compare(case: Case) -> Step:
    old = replaced_by(case.version)
    if old is None:
        words = "It is the first version: there is none to compare it with."
        return Step("compare", Group.LOOK, State.CLOSED, words)
    ordinals = sorted([old.ordinal, case.version.ordinal])
    address = reverse("policies:version_compare", args=[case.version.bulletin.number, *ordinals])
    words = f"Against version {old.ordinal}: {in_words(tally_of(old, case.version))}."
    call = f"Compare it with version {old.ordinal}"
    return Step("compare", Group.LOOK, State.LOOK, words, call, address)
