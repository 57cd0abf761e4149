"""Who wrote into a draft; the database keeps whoever did from approving it."""

from datetime import datetime

from django.contrib.auth.models import User

from policies.models import Edit, Version

_LONGEST = 300


def note_edit(*, version: Version, what: str, by: User, at: datetime) -> Edit:
    """Write down, in the transaction of the edit itself, that `by` wrote into a draft.

    `what`: a sentence for the draft's history; what is longer than the history keeps is cut short.
    """
    short = what if len(what) <= _LONGEST else f"{what[: _LONGEST - 1]}…"
    return Edit.objects.create(version=version, what=short, by=by, at=at)
