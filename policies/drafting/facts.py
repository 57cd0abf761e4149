"""The facts of a draft that are not in its text: to whom it applies, its days, what changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from policies.drafting.drafts import seal_again
from policies.drafting.edits import note_edit
from policies.models import Version
from policies.publishing import Refused


@transaction.atomic
def change_facts(*, version: Version, facts: Mapping[str, Any], by: User, at: datetime) -> Version:
    """Write facts by the names of their fields. What waits for approval or publication is a draft
    again. Raises Refused where it was published; then nothing has changed."""
    locked = Version.objects.select_for_update(of=("self",)).select_related("bulletin")
    draft = locked.defer("source_bytes").get(pk=version.pk)
    if draft.is_frozen:
        raise Refused(
            f"{draft} is published and never changes: import the corrected text as a new version."
        )
    changed = [name for name, value in facts.items() if getattr(draft, name) != value]
    if not changed:
        return draft
    for name in changed:
        setattr(draft, name, facts[name])
    draft.save(update_fields=changed)
    words = ", ".join(name.replace("_", " ") for name in changed)
    note_edit(version=draft, what=f"Wrote the facts: {words}.", by=by, at=at)
    seal_again(draft)
    draft.refresh_from_db(fields=["status", "approver", "approved_at"])
    return draft
