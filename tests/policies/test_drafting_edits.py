"""Whoever writes into a draft is named, and cannot approve it."""

import pytest
from django.db import IntegrityError

from policies.drafting.edits import note_edit
from policies.models import Edit, Version
from policies.publishing import submit
from tests.policies.library import AT, draft, person

pytestmark = pytest.mark.django_db


def test_an_edit_names_its_person_and_time():
    version, ann = draft(), person("ann")

    note_edit(version=version, what="Put the limitation first.", by=ann, at=AT)

    edit = version.edits.get()
    assert (edit.what, edit.by, edit.at) == ("Put the limitation first.", ann, AT)


def test_whoever_wrote_into_a_draft_cannot_approve_it():
    version, ann, ben = draft(), person("ann"), person("ben")
    note_edit(version=version, what="Put the limitation first.", by=ben, at=AT)
    submit(version=version, by=ann, at=AT)

    with pytest.raises(IntegrityError, match="nobody approves what they wrote into"):
        Version.objects.filter(pk=version.pk).update(
            status="approved", approver=ben, approved_at=AT
        )


def test_a_sentence_too_long_for_the_history_is_cut_and_says_so():
    note_edit(version=draft(), what="a" * 400, by=person("ann"), at=AT)

    what = Edit.objects.get().what
    assert len(what) == 300
    assert what.endswith("…")
