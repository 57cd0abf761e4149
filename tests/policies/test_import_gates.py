"""Nothing that a person wrote passes for an import, which needs no approval.

Every attack is plain SQL under the site's login. The control takes the trigger away, as the owner.
"""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from policies.drafting.edits import note_edit
from policies.models import Version
from policies.publishing import Refused, approve, publish, submit
from tests.policies.gates import a_draft, a_person, one, refused
from tests.policies.library import AT, DAY, attempt, draft, lamps

NO_IMPORT = "what_is_written_here_is_no_import"
AUTHOR_STAYS = "the_author_of_a_version_stays"
TWO_PEOPLE = "an_import_written_into_takes_two_people"
TO_IMPORT = "UPDATE policies_version SET origin = 'import' WHERE id = %s"


@pytest.fixture
def touched(ann):
    """A file that came as already in force, and into which somebody wrote before it was."""
    version = draft(origin="import")
    note_edit(version=version, what="Mended.", by=ann, at=AT)
    return version


def test_a_draft_of_a_person_becomes_no_import(ann):
    assert refused(TO_IMPORT, draft(author=ann).pk) == NO_IMPORT


def test_a_draft_that_somebody_wrote_into_becomes_no_import(ann):
    version = draft()
    note_edit(version=version, what="Mended.", by=ann, at=AT)

    assert refused(TO_IMPORT, version.pk) == NO_IMPORT


def test_a_draft_from_a_file_becomes_one(db):
    version = draft()

    with connection.cursor() as cursor:
        attempt(cursor, TO_IMPORT, [version.pk])

    assert Version.objects.get(pk=version.pk).origin == "import"


def test_an_author_does_not_bring_an_import(ann):
    author = f"UPDATE policies_version SET author_id = {ann.pk}, origin = 'import' WHERE id = %s"

    assert refused(author, draft().pk) == NO_IMPORT


@pytest.mark.parametrize("author", ["NULL", "ben"])
@pytest.mark.parametrize("state", ["draft", "in_review"])
def test_an_author_stays(author, state, ann, ben):
    version = draft(author=ann)
    if state == "in_review":
        submit(version=version, by=ann, at=AT)
    other = ben.pk if author == "ben" else "NULL"

    assert (
        refused(f"UPDATE policies_version SET author_id = {other} WHERE id = %s", version.pk)
        == AUTHOR_STAYS
    )


@pytest.mark.parametrize(
    "change",
    [
        "status = 'approved'",
        "status = 'approved', author_id = {ann}, approver_id = {ben}, approved_at = now()",
    ],
)
def test_an_import_that_was_written_into_is_not_approved_from_draft(change, touched, ann, ben):
    change = change.format(ann=ann.pk, ben=ben.pk)

    assert refused(f"UPDATE policies_version SET {change} WHERE id = %s", touched.pk) == TWO_PEOPLE


def test_nor_by_who_wrote_into_it(touched, ann, ben):
    submit(version=touched, by=ben, at=AT)
    change = f"status = 'approved', approver_id = {ann.pk}, approved_at = now()"

    assert refused(f"UPDATE policies_version SET {change} WHERE id = %s", touched.pk) == TWO_PEOPLE


def test_nor_by_nobody(touched, ann):
    submit(version=touched, by=ann, at=AT)

    assert (
        refused("UPDATE policies_version SET status = 'approved' WHERE id = %s", touched.pk)
        == TWO_PEOPLE
    )


def test_the_verb_says_so(touched, ben):
    with pytest.raises(Refused, match="only a version that is approved can be published"):
        publish(version=touched, effective_from=DAY, by=ben, at=AT)


def test_with_two_people_it_is_published(touched, ann, ben):
    submit(version=touched, by=ann, at=AT)
    approve(version=touched, by=ben, at=AT)
    publish(version=touched, effective_from=DAY, by=ben, at=AT)

    assert Version.objects.get(pk=touched.pk).status == "published"


def test_the_command_does_not_publish_what_somebody_wrote_into(ann, tmp_path):
    file = tmp_path / "lamps.txt"
    file.write_bytes(lamps())
    call_command("import_bulletin", file, stdout=(tmp_path / "told").open("w"))
    version = Version.objects.get()
    note_edit(version=version, what="Mended.", by=ann, at=AT)

    with pytest.raises(CommandError, match="ann wrote into 0907 version 1: have it approved"):
        call_command("import_bulletin", file, "--publish")

    version.refresh_from_db()
    assert (version.status, version.origin) == ("draft", "library")


def test_control_without_the_trigger_one_person_publishes(owner):
    owner.execute("ALTER TABLE policies_version DISABLE TRIGGER what_is_written_here_is_no_import")
    version = a_draft(owner, origin="library", author=a_person(owner, "ann"))
    owner.execute(TO_IMPORT, [version])
    for status in ("approved", "published"):
        owner.execute("UPDATE policies_version SET status = %s WHERE id = %s", [status, version])

    assert one(owner, "SELECT status FROM policies_version WHERE id = %s", version) == "published"
