"""The states of a version: draft, in review, approved, published, retired; verbs and refusals."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.db import transaction

from policies.drafting.edits import note_edit
from policies.imports.content import current_content
from policies.models import Passage, Publication, Version
from policies.publishing import (
    Refused,
    approve,
    end_in_words,
    publish,
    publish_as_stored,
    retire,
    return_to_draft,
    submit,
)
from tests.policies.library import AT, draft, lamps, person, published

pytestmark = pytest.mark.django_db
TEXTS = [lamps(limitation=f"Lamp {number} is not covered.") for number in range(4)]


def periods():
    ended = Publication.objects.order_by("version__ordinal")
    return list(ended.values_list("version__ordinal", "effective_from", "ended_on"))


# From draft to published


def test_a_text_goes_through_two_hands(ann, ben):
    version = draft(author=ann)

    submit(version=version, by=ann, at=AT)
    approve(version=version, by=ben, at=AT)
    publication = publish(version=version, effective_from=date(2026, 4, 1), by=ben, at=AT)

    version.refresh_from_db()
    assert (version.status, version.author, version.approver) == ("published", ann, ben)
    assert version.approved_at == publication.published_at == AT
    assert (publication.effective_from, publication.ended_on) == (date(2026, 4, 1), None)
    assert publication.published_by == ben


def test_each_step_is_noted_with_its_person_and_time(ann, ben):
    version = draft(author=ann)
    submit(version=version, by=ann, at=AT)
    approve(version=version, by=ben, at=AT)
    publish(version=version, effective_from=None, by=ben, at=AT)

    entries = LogEntry.objects.filter(object_id=version.pk).order_by("pk")

    assert list(entries.values_list("user__username", "change_message", "action_time")) == [
        ("ann", "Submitted for approval.", AT),
        ("ben", "Approved.", AT),
        ("ben", "Published, in effect from a day that is not stated.", AT),
    ]


def test_who_submits_a_text_without_an_author_becomes_it(ann):
    assert submit(version=draft(), by=ann, at=AT).author == ann


@pytest.mark.parametrize("note", ["", "   "])
def test_a_text_that_does_not_say_what_changed_is_not_submitted(ann, note):
    version = draft(author=ann, change_note=note)

    with pytest.raises(Refused, match="0907 version 1 says nothing of what changed: write the"):
        submit(version=version, by=ann, at=AT)


def test_nobody_approves_what_they_wrote_into(ann, ben):
    version = draft(author=ann)
    note_edit(version=version, what="Took a line for a heading.", by=ben, at=AT)
    submit(version=version, by=ann, at=AT)

    with pytest.raises(Refused) as refusal:
        approve(version=version, by=ben, at=AT)
    assert str(refusal.value) == (
        "ben wrote into 0907 version 1 on 2026-03-02 (“Took a line for a heading.”), and nobody"
        " approves what they wrote into: ask someone who did not to approve it."
    )

    assert approve(version=version, by=person("cal"), at=AT).status == "approved"


def test_nobody_approves_an_own_text(ann):
    version = submit(version=draft(author=ann), by=ann, at=AT)

    with pytest.raises(Refused, match="written by ann, and nobody approves an own text"):
        approve(version=version, by=ann, at=AT)


CHANGES = {
    "stance type": lambda version: version.passages.filter(anchor="scope-1").update(
        stance_type="cosmetic"
    ),
    "text": lambda version: version.passages.filter(anchor="scope-1").update(text="Other."),
    "heading": lambda version: version.sections.filter(anchor="scope").update(heading="Other"),
    "rule": lambda version: version.criteria.filter(rule="all").update(rule="any"),
    "stance": lambda version: version.code_groups.update(stance="covered"),
    "description": lambda version: version.code_rows.update(description="Other"),
    "code": lambda version: version.code_spans.filter(low="97110").update(low="97111"),
    "reference": lambda version: version.references.update(text="Other."),
    "legend": lambda version: Version.objects.filter(pk=version.pk).update(legends=["Other."]),
    "scope": lambda version: Version.objects.filter(pk=version.pk).update(jurisdictions=["TX"]),
}


@pytest.mark.parametrize("change", CHANGES)
def test_an_edit_after_submission_withdraws_it(ann, ben, change):
    version = submit(version=draft(author=ann), by=ann, at=AT)

    CHANGES[change](version)

    version.refresh_from_db()
    assert version.status == "draft"
    with pytest.raises(Refused, match="It was edited after it was submitted, and any edit takes"):
        approve(version=version, by=ben, at=AT)


@pytest.mark.parametrize("change", CHANGES)
def test_an_edit_after_approval_withdraws_the_sign_off(ann, ben, change):
    version = submit(version=draft(author=ann), by=ann, at=AT)
    approve(version=version, by=ben, at=AT)

    CHANGES[change](version)

    version.refresh_from_db()
    assert (version.status, version.approver, version.approved_at) == ("draft", None, None)
    with pytest.raises(Refused, match="It was edited after it was approved, and any edit takes"):
        publish(version=version, effective_from=None, by=ben, at=AT)


def test_a_draft_that_was_returned_is_not_said_to_be_edited(ann, ben):
    version = submit(version=draft(author=ann), by=ann, at=AT)
    return_to_draft(version=version, by=ben, at=AT, reason="Say more.")

    with pytest.raises(Refused) as refusal:
        approve(version=version, by=ben, at=AT)

    assert str(refusal.value) == (
        "0907 version 1 is draft, and only a version that is in review can be approved."
    )


def test_a_text_that_was_never_sealed_is_not_approved(ann, ben):
    version = draft(author=ann)
    CHANGES["text"](version)
    Version.objects.filter(pk=version.pk).update(status="in_review")  # past the verb

    with pytest.raises(Refused, match="changed after it was submitted: return it to draft"):
        approve(version=version, by=ben, at=AT)


@pytest.mark.parametrize("change", CHANGES)
def test_a_correction_of_the_draft_is_hashed(ann, change):
    version = draft(author=ann)
    before = version.content_hash
    CHANGES[change](version)

    assert submit(version=version, by=ann, at=AT).content_hash != before


def test_submitting_what_was_read_changes_nothing(ann):
    version = draft(author=ann)
    before = version.content_hash

    assert submit(version=version, by=ann, at=AT).content_hash == before


def test_parts_that_were_not_read_are_refused(ann):
    version = draft(author=ann)
    Passage.objects.filter(version=version, anchor="scope-1").delete()

    with pytest.raises(Refused, match="added or taken away since its text was read"):
        submit(version=version, by=ann, at=AT)


def test_returning_to_draft_takes_the_approval_back(ann, ben):
    version = submit(version=draft(author=ann), by=ann, at=AT)
    approve(version=version, by=ben, at=AT)

    returned = return_to_draft(version=version, by=ben, at=AT)

    assert (returned.status, returned.approver, returned.approved_at) == ("draft", None, None)


@pytest.mark.parametrize(
    ("state", "verb", "sentence"),
    [
        ("draft", approve, "is draft, and only a version that is in review can be approved"),
        ("draft", publish, "is draft, and only a version that is approved can be published"),
        ("draft", retire, "is draft, and only a version that is published can be retired"),
        ("draft", return_to_draft, "in review or approved can be returned to draft"),
        ("in_review", submit, "is in review, and only a version that is draft can be submitted"),
        ("in_review", publish, "only a version that is approved can be published"),
        ("approved", submit, "only a version that is draft can be submitted"),
        ("approved", approve, "only a version that is in review can be approved"),
        ("published", submit, "is published, and only"),
        ("published", approve, "is published, and only"),
        ("published", publish, "is published, and only"),
        ("published", return_to_draft, "is published, and only"),
    ],
)
def test_a_verb_out_of_turn_is_refused(ann, ben, state, verb, sentence):
    version = draft(author=ann)
    steps = {"in_review": 1, "approved": 2, "published": 3}.get(state, 0)
    if steps > 0:
        submit(version=version, by=ann, at=AT)
    if steps > 1:
        approve(version=version, by=ben, at=AT)
    if steps > 2:
        publish(version=version, effective_from=None, by=ben, at=AT)
    more = {
        publish: {"effective_from": None},
        retire: {"on": date(2026, 5, 1), "reason": "Old."},
    }.get(verb, {})

    with pytest.raises(Refused, match=sentence):
        verb(version=version, by=ben, at=AT, **more)

    assert Version.objects.get().status == state


def stored(data):
    """The facts by which one recognises what has been published."""
    kept = Version.objects.filter(source_bytes=data)
    return kept.values(
        "ordinal", "status", "origin", "title", "bulletin__title", "content", "content_hash",
        "approver", "approved_at", "publication__effective_from", "publication__published_at",
        "publication__published_by", "publication__ended_on",
    ).get()  # fmt: skip


def test_an_import_published_as_it_is_stored_is_as_one_published_later():
    origin = Version.Origin.IMPORT
    with transaction.atomic():
        published(TEXTS[0])
        later = publish(
            version=draft(TEXTS[1], origin=origin), effective_from=date(2026, 4, 1), by=None, at=AT
        )
        facts, others = stored(TEXTS[1]), periods()
        assert later.version.ordinal == 2
        transaction.set_rollback(True)
    published(TEXTS[0])
    version = draft(TEXTS[1], origin=origin)
    publish_as_stored(version=version, effective_from=date(2026, 4, 1), at=AT)

    assert stored(TEXTS[1]) == facts
    assert periods() == others == [
        (1, date(2026, 1, 1), date(2026, 4, 1)),
        (2, date(2026, 4, 1), None),
    ]  # fmt: skip
    assert current_content(version) == version.content


@pytest.mark.parametrize("start", [date(2026, 1, 1), date(2025, 4, 1), None])
def test_what_is_published_as_stored_finds_room_among_the_others(start):
    published(TEXTS[0])
    version = draft(TEXTS[1], origin=Version.Origin.IMPORT)

    with pytest.raises(Refused):
        publish_as_stored(version=version, effective_from=start, at=AT)

    version.refresh_from_db()
    assert version.status == "draft"


def test_what_is_published_as_stored_has_a_day_of_this_library():
    version = draft(origin=Version.Origin.IMPORT)

    with pytest.raises(Refused, match="write the year in full"):
        publish_as_stored(version=version, effective_from=date(26, 4, 1), at=AT)


def test_only_an_import_is_published_as_stored():
    with pytest.raises(AssertionError):
        publish_as_stored(version=draft(), effective_from=None, at=AT)


def test_an_import_is_published_without_approval():
    version = published(effective_from=None)

    assert (version.status, version.approver) == ("published", None)
    assert version.publication.published_by is None


def test_the_bulletin_takes_the_title_of_what_is_published():
    published(TEXTS[0])
    second = published(lamps(title="Lamps and wicks"), effective_from=date(2026, 3, 1))

    assert second.bulletin.title == "Lamps and wicks"


# Notice


def approved_with_notice(days, ann, ben):
    version = draft(author=ann)
    Version.objects.filter(pk=version.pk).update(notice_days=days)
    submit(version=version, by=ann, at=AT)
    return approve(version=version, by=ben, at=AT)


# AT is 2 March 2026: 29 days of March are left, and 1 April is 30 days on.
@pytest.mark.parametrize(
    ("days", "start"),
    [
        (30, date(2026, 4, 1)),
        (30, date(2026, 4, 2)),
        (1, date(2026, 3, 3)),
        (0, date(2026, 3, 2)),
        (0, date(2020, 1, 1)),
        (None, date(2020, 1, 1)),
        (None, None),
    ],
)
def test_a_version_takes_effect_after_its_notice(ann, ben, days, start):
    version = approved_with_notice(days, ann, ben)

    assert publish(version=version, effective_from=start, by=ben, at=AT).effective_from == start


@pytest.mark.parametrize(
    ("days", "start", "first"),
    [
        (30, date(2026, 3, 31), "30 days of notice: published today it takes effect on 2026-04-01"),
        (30, None, "30 days of notice: published today it takes effect on 2026-04-01"),
        (30, date(2020, 1, 1), "Give that day or a later one."),
        (1, date(2026, 3, 2), "1 day of notice: published today it takes effect on 2026-03-03"),
    ],
)
def test_a_day_before_the_notice_is_over_is_refused(ann, ben, days, start, first):
    version = approved_with_notice(days, ann, ben)

    with pytest.raises(Refused, match=first):
        publish(version=version, effective_from=start, by=ben, at=AT)

    version.refresh_from_db()
    assert version.status == "approved"


def test_the_notice_counts_from_the_day_in_the_zone_of_the_plan(ann, ben, settings):
    settings.TIME_ZONE = "America/New_York"
    version = approved_with_notice(30, ann, ben)
    evening = datetime(2026, 3, 3, 3, 0, tzinfo=UTC)  # 2 March, 22:00 in New York

    publication = publish(version=version, effective_from=date(2026, 4, 1), by=ben, at=evening)

    assert publication.effective_from == date(2026, 4, 1)


def test_what_is_in_force_already_gives_no_notice():
    version = draft(origin="import")
    Version.objects.filter(pk=version.pk).update(notice_days=30)

    publication = publish(version=version, effective_from=date(2026, 1, 1), by=None, at=AT)

    assert publication.effective_from == date(2026, 1, 1)


# When versions follow one another


def test_the_earlier_version_ends_when_the_later_takes_effect():
    first = published(TEXTS[0], effective_from=date(2025, 1, 1))
    published(TEXTS[1], effective_from=date(2026, 1, 1))

    assert periods() == [
        (1, date(2025, 1, 1), date(2026, 1, 1)),
        (2, date(2026, 1, 1), None),
    ]
    first.publication.refresh_from_db()
    assert first.publication.end_reason == "Replaced by version 2."


def test_an_undated_version_ends_when_the_later_takes_effect():
    published(TEXTS[0], effective_from=None)
    published(TEXTS[1], effective_from=date(2026, 1, 1))

    assert periods() == [(1, None, date(2026, 1, 1)), (2, date(2026, 1, 1), None)]


def test_a_scheduled_version_ends_the_present_one_and_ends_itself_in_turn():
    published(TEXTS[0], effective_from=date(2025, 1, 1))
    published(TEXTS[1], effective_from=date(2026, 7, 1))
    published(TEXTS[2], effective_from=date(2026, 10, 1))

    assert periods() == [
        (1, date(2025, 1, 1), date(2026, 7, 1)),
        (2, date(2026, 7, 1), date(2026, 10, 1)),
        (3, date(2026, 10, 1), None),
    ]


def test_a_version_that_was_retired_early_leaves_room():
    first = published(TEXTS[0], effective_from=date(2025, 1, 1))
    retire(version=first, on=date(2025, 6, 1), reason="Withdrawn.", by=None, at=AT)

    published(TEXTS[1], effective_from=date(2025, 6, 1))

    assert periods()[1] == (2, date(2025, 6, 1), None)


def test_versions_that_ended_leave_room_for_an_undated_one():
    first = published(TEXTS[0], effective_from=date(2025, 1, 1))
    retire(version=first, on=date(2025, 6, 1), reason="Withdrawn.", by=None, at=AT)

    published(TEXTS[1], effective_from=None)

    assert periods()[1] == (2, None, None)


@pytest.mark.parametrize(
    ("first", "ended", "second", "sentence"),
    [
        (date(2026, 1, 1), None, date(2026, 1, 1), "give a later day than 2026-01-01"),
        (date(2026, 7, 1), None, date(2026, 1, 1), "0907 version 1 takes effect on 2026-07-01"),
        (date(2026, 1, 1), date(2026, 7, 1), date(2026, 6, 30), "until 2026-06-30"),
        (date(2026, 1, 1), date(2026, 7, 1), date(2025, 6, 30), "give 2026-07-01 or a later day"),
        (None, date(2026, 7, 1), date(2026, 6, 30), "give 2026-07-01 or a later day"),
        (date(2026, 1, 1), None, None, "is in effect from 2026-01-01 and goes on: say from which"),
        (None, None, None, "states no effective date and goes on: say from which day"),
    ],
)
def test_a_publication_that_would_overlap_is_refused(first, ended, second, sentence):
    earlier = published(TEXTS[0], effective_from=first)
    if ended:
        retire(version=earlier, on=ended, reason="Withdrawn.", by=None, at=AT)
    later = draft(TEXTS[1], origin="import")

    with pytest.raises(Refused, match=sentence):
        publish(version=later, effective_from=second, by=None, at=AT)

    later.refresh_from_db()
    assert later.status == "draft"
    assert periods() == [(1, first, ended)]


# Retiring


def test_a_version_is_retired_once_with_its_reason(ann):
    version = published()

    publication = retire(version=version, on=date(2026, 6, 1), reason="Gone.", by=ann, at=AT)

    assert (publication.ended_on, publication.end_reason) == (date(2026, 6, 1), "Gone.")
    with pytest.raises(Refused, match="ends on 2026-05-31 already"):
        retire(version=version, on=date(2026, 7, 1), reason="Again.", by=ann, at=AT)


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201])
def test_a_retirement_says_why(reason):
    with pytest.raises(Refused, match="Say in at most 200 characters why"):
        retire(version=published(), on=date(2026, 6, 1), reason=reason, by=None, at=AT)


def test_a_version_is_not_retired_before_it_takes_effect():
    version = published(effective_from=date(2026, 7, 1))

    with pytest.raises(Refused, match="takes effect on 2026-07-01: retire it on that day, so that"):
        retire(version=version, on=date(2026, 6, 30), reason="Early.", by=None, at=AT)


@pytest.mark.parametrize("day", [date.min, date(26, 3, 2)])
def test_a_day_without_its_century_is_refused(day):
    undated = published(effective_from=None)

    with pytest.raises(Refused, match="write the year in full"):
        retire(version=undated, on=day, reason="Gone.", by=None, at=AT)
    with pytest.raises(Refused, match="write the year in full"):
        published(TEXTS[1], effective_from=day)


def test_a_scheduled_version_can_be_called_off(ann):
    version = published(effective_from=date(2026, 7, 1))

    publication = retire(version=version, on=date(2026, 7, 1), reason="Called off.", by=ann, at=AT)

    assert end_in_words(publication) == "Called off before it took effect on 2026-07-01."
    for day in (date(2026, 6, 30), date(2026, 7, 1), date(2026, 7, 2)):
        assert not Version.objects.in_effect(day).exists()
        assert publication.version.stage(day) == "retired"


def test_calling_off_says_what_became_of_the_version_before(ann):
    published(TEXTS[0], effective_from=date(2026, 1, 1))
    later = published(TEXTS[1], effective_from=date(2026, 7, 1))

    publication = retire(version=later, on=date(2026, 7, 1), reason="Late.", by=ann, at=AT)

    assert end_in_words(publication) == (
        "Called off before it took effect on 2026-07-01. Version 1, whose place it was to take,"
        " ends on 2026-06-30 all the same: publish another version that takes effect on"
        " 2026-07-01, or none is in effect from then on."
    )
    third = published(TEXTS[2], effective_from=date(2026, 7, 1))
    assert Version.objects.in_effect(date(2026, 7, 1)).get() == third


@pytest.mark.parametrize("on", [date(2026, 3, 1), date(2026, 3, 2)])
def test_what_has_taken_effect_is_not_called_off(on):
    version = published(effective_from=on)

    with pytest.raises(Refused, match=f"took effect on {on} and cannot be called off any more"):
        retire(version=version, on=on, reason="Late.", by=None, at=AT)


# Where a version stands


def test_a_version_passes_through_seven_stages(ann, ben):
    version, stages = draft(TEXTS[0], author=ann), []
    stages.append(version.stage(date(2026, 3, 2)))
    stages.append(submit(version=version, by=ann, at=AT).stage(date(2026, 3, 2)))
    stages.append(approve(version=version, by=ben, at=AT).stage(date(2026, 3, 2)))
    publish(version=version, effective_from=date(2026, 4, 1), by=ben, at=AT)
    version = Version.objects.get(pk=version.pk)
    stages += [version.stage(date(2026, 3, 31)), version.stage(date(2026, 4, 1))]
    later = published(TEXTS[1], effective_from=date(2026, 7, 1))
    retire(version=later, on=date(2026, 9, 1), reason="Gone.", by=ben, at=AT)
    version, later = Version.objects.order_by("ordinal")
    stages += [version.stage(date(2026, 7, 1)), later.stage(date(2026, 9, 1))]

    assert stages == [
        "draft", "in_review", "approved", "scheduled", "published", "superseded", "retired",
    ]  # fmt: skip
    assert version.stage(date(2026, 6, 30)) == later.stage(date(2026, 8, 31)) == "published"
