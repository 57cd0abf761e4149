"""Single lines of a draft's source in other words: what is read, what stays, who is named."""

import json
import threading
from datetime import date
from uuid import uuid4

import pytest
from django.db import DataError, connections

from policies import publishing
from policies.drafting.mends import (
    mend_line,
    read_again,
    reading_as_mended,
    set_aside_line,
    take_back_mend,
)
from policies.models import CodeSpan, Mend, Version
from policies.publishing import Refused
from policies.reading import read
from policies.reading.mutation import as_page
from policies.reading.source_lines import source_lines
from tests.policies.library import AT, draft, lamps, person, published

pytestmark = pytest.mark.django_db

STRAY = "CPT codes covered:\n\n97110 Lamp exercises\n\nA stray word\n"


def line_of(version, words):
    """The number of the one line of the file that holds the words."""
    lines = bytes(version.source_bytes).decode().split("\n")
    (number,) = (at for at, one in enumerate(lines, start=1) if words in one)
    return number


def stored(version):
    """Everything of a version that a reading writes, by value."""
    version = Version.objects.get(pk=version.pk)
    facts = ["title", "content", "content_hash", "not_understood", "legends", "status"]
    return (
        [getattr(version, name) for name in facts],
        list(version.passages.values_list("anchor", "text", "stance_type")),
        list(version.criteria.values_list("anchor", "text", "rule")),
        list(version.code_spans.values_list("low", "high")),
        list(version.references.values_list("text", flat=True)),
        version.mends.count(),
        version.edits.count(),
    )


@pytest.fixture
def stray():
    return draft(lamps(codes=STRAY))


def mend(version, words, after, by, **facts):
    line = line_of(version, words)
    return mend_line(
        version=version, line=line, after=after, reason="A slip.", by=by, at=AT, **facts
    )


# What a mend does


def test_a_mended_line_is_read_at_once_in_its_new_words(stray, ann):
    assert len(stray.not_understood) == 1

    after = mend(stray, "A stray word", "97112 A word", ann)

    assert after.not_understood == []
    assert list(CodeSpan.objects.filter(version=stray).values_list("low", flat=True)) == [
        "97110",
        "97112",
    ]


def test_a_mend_keeps_the_words_before_and_after_the_reason_and_the_person(stray, ann):
    mend(stray, "A stray word", "97112 A word", ann)

    made = Mend.objects.get()
    assert (made.line, made.before, made.after) == (
        line_of(stray, "A stray word"),
        "A stray word",
        "97112 A word",
    )
    assert (made.reason, made.by, made.at, made.is_set_aside) == ("A slip.", ann, AT, False)


def test_the_file_stays_as_it_came(stray, ann):
    before = bytes(stray.source_bytes), stray.source_sha256

    after = mend(stray, "A stray word", "97112 A word", ann)

    assert (bytes(after.source_bytes), after.source_sha256) == before


def test_whoever_mends_has_written_into_the_draft(stray, ann):
    mend(stray, "A stray word", "97112 A word", ann)

    edit = stray.edits.get()
    assert (edit.by, edit.at) == (ann, AT)
    assert edit.what == f"Mended line {line_of(stray, 'A stray word')}: A slip."


def test_whoever_mends_cannot_approve(stray, ann):
    mend(stray, "A stray word", "97112 A word", ann)
    publishing.submit(version=stray, by=person("ben"), at=AT)

    with pytest.raises(Exception, match=r"wrote"):
        publishing.approve(version=stray, by=ann, at=AT)


def test_a_line_set_aside_is_left_out(stray, ann):
    line = line_of(stray, "A stray word")

    after = set_aside_line(version=stray, line=line, reason="An ad.", by=ann, at=AT)

    assert after.not_understood == []
    made = Mend.objects.get()
    assert (made.is_set_aside, made.after, made.reason) == (True, "", "An ad.")
    assert "stray" not in str(stored(after))


def test_a_mend_taken_back_leaves_the_version_as_it_was_and_its_rows_behind(stray, ann):
    before = stored(stray)[:1]
    mend(stray, "A stray word", "97112 A word", ann)

    take_back_mend(version=stray, line=line_of(stray, "A stray word"), by=ann, at=AT)

    assert stored(stray)[:1] == before
    assert [one.after for one in Mend.objects.order_by("id")] == ["97112 A word", "A stray word"]


def test_it_is_read_as_if_the_file_had_come_mended(stray, ann):
    after = mend(stray, "A stray word", "97112 A word", ann)

    written = bytes(stray.source_bytes).decode()
    mended = written.replace("A stray word", "97112 A word")
    assert reading_as_mended(after) == read(mended.encode(), name=stray.source_name)


def test_a_line_of_a_page_is_mended_by_its_words(ann):
    version = draft(as_page(lamps()), name="lamps.html")
    (line,) = (one for one in source_lines(bytes(version.source_bytes)) if "exercises" in one.text)

    mend_line(
        version=version, line=line.number, before=line.raw, after="97111\tLamp exercises",
        reason="A slip.", by=ann, at=AT,
    )  # fmt: skip

    span = CodeSpan.objects.get(version=version, low="97111")
    assert span.row.description == "Lamp exercises"


# What stays


def test_facts_typed_by_people_stay(stray, ann):
    Version.objects.filter(pk=stray.pk).update(
        lines_of_business=["medicaid"], jurisdictions=["NY"], change_note="Typed.",
        effective_stated=date(2026, 5, 1), next_review=date(2027, 5, 1),
    )  # fmt: skip

    after = mend(stray, "A stray word", "97112 A word", ann)

    assert (after.lines_of_business, after.jurisdictions) == (["medicaid"], ["NY"])
    assert after.change_note == "Typed."
    assert (after.effective_stated, after.next_review) == (date(2026, 5, 1), date(2027, 5, 1))


def test_dates_of_the_text_are_read_anew(ann):
    history = "\nPolicy History\n\nEffective: 01/01/2026\n\nNext Review: 01/01/2027\n"
    version = draft(lamps(history=history))

    after = mend(version, "Next Review", "Next Review: 02/02/2027", ann)

    assert (after.effective_stated, after.next_review) == (date(2026, 1, 1), date(2027, 2, 2))


def test_confirmed_stances_stay_where_the_text_is_the_same(ann):
    version = draft()
    version.passages.exclude(stance_type="").update(stance_confirmed_by=ann, stance_confirmed_at=AT)
    passage = version.passages.get(text="Golden lamps are cosmetic.")
    passage.stance_type = "benefit_exclusion"
    passage.save()

    mend(version, "Flickering lamps", "    Blinking lamps are unproven.", ann)

    confirmed = version.passages.filter(stance_confirmed_by=ann, stance_confirmed_at=AT)
    changed = version.passages.get(text="Blinking lamps are unproven.")
    assert confirmed.get(text="Golden lamps are cosmetic.").stance_type == "benefit_exclusion"
    assert (changed.stance_type, changed.stance_confirmed_at) == ("experimental", None)


def test_a_passage_under_another_heading_is_to_be_confirmed_again(ann):
    version = draft()
    version.passages.exclude(stance_type="").update(stance_confirmed_by=ann, stance_confirmed_at=AT)

    mend(version, "4. Cosmetic", "  4. Medical Necessity of gold", ann)

    passage = version.passages.get(text="Golden lamps are cosmetic.")
    assert (passage.stance_type, passage.stance_confirmed_at) == ("medical_necessity", None)


def test_confirmed_criteria_stay_where_they_and_what_stands_under_them_are_the_same(ann):
    version = draft()
    version.criteria.update(confirmed_by=ann, confirmed_at=AT)
    root = version.criteria.get(parent=None)
    root.rule, root.identity = "any", uuid4()
    root.save()
    identities = set(version.criteria.values_list("identity", flat=True))

    mend(version, "Flickering lamps", "    Blinking lamps are unproven.", ann)

    after = version.criteria.get(parent=None)
    assert (after.rule, after.confirmed_by, after.confirmed_at) == ("any", ann, AT)
    assert set(version.criteria.values_list("identity", flat=True)) == identities


def test_a_statement_whose_parts_changed_is_to_be_confirmed_again_and_stays_itself(ann):
    version = draft()
    version.criteria.update(confirmed_by=ann, confirmed_at=AT)
    identity = version.criteria.get(parent=None).identity

    mend(version, "The member reads", "      2. The member sings.", ann)

    after = version.criteria.get(parent=None)
    assert (after.identity, after.confirmed_at) == (identity, None)
    assert version.criteria.get(text="The room is dark; and").confirmed_at == AT
    assert version.criteria.get(text="The member sings.").confirmed_at is None


def test_no_two_statements_become_one(ann):
    published()
    version = draft(lamps(criteria="1. The room is dark; and\n      2. The member naps."))
    matched = version.criteria.get(text="The member naps.")
    earlier = Version.objects.get(status="published").criteria.get(text="The member reads.")
    matched.identity = earlier.identity
    matched.save()

    mend(version, "The room is dark", "      1. The member reads; and", ann)
    mend(version, "The room is dark", "      1. The member reads.", ann)

    identities = list(version.criteria.values_list("identity", flat=True))
    assert version.criteria.get(text="The member naps.").identity == earlier.identity
    assert len(set(identities)) == len(identities)


def test_the_reading_of_a_published_version_follows_from_its_file_and_its_mends(stray, ann):
    mend(stray, "A stray word", "97112 A word", ann)
    mend(stray, "This is about lamps.", "This is about all lamps.", ann)
    ben = person("ben")
    publishing.submit(version=stray, by=ann, at=AT)
    publishing.approve(version=stray, by=ben, at=AT)
    publishing.publish(version=stray, effective_from=date(2026, 4, 1), by=ben, at=AT)

    version = Version.objects.get(pk=stray.pk)

    assert version.is_frozen
    assert reading_as_mended(version).as_json() == json.loads(version.content)["reading"]


def test_reading_again_without_a_mend_says_the_same(stray, ann):
    before = stored(stray)

    read_again(version=stray, by=ann, at=AT)

    after = stored(stray)
    assert after[:-1] == before[:-1]
    assert stray.edits.get().what == "Read the source again."


# Refusals


def nothing_changes(version, words, verb, **facts):
    before = stored(version)
    with pytest.raises(Refused, match=words):
        verb(version=version, at=AT, **facts)
    assert stored(version) == before


def test_a_source_that_no_longer_reads_is_refused_whole(stray, ann):
    line = line_of(stray, "Number:")
    facts = {"line": line, "after": "No number", "reason": "Why not.", "by": ann}

    nothing_changes(stray, "no longer reads as a bulletin", mend_line, **facts)


def test_a_source_that_names_another_number_is_refused_whole(stray, ann):
    line = line_of(stray, "Number:")
    facts = {"line": line, "after": "Number: 0908", "reason": "Why not.", "by": ann}

    nothing_changes(stray, "would be bulletin 0908", mend_line, **facts)


def test_a_reading_that_fails_half_way_leaves_nothing_behind(stray, ann, monkeypatch):
    def fail(*args, **kwargs):
        raise DataError("value too long")

    monkeypatch.setattr("policies.drafting.rereading.store_parts", fail)
    facts = {"line": line_of(stray, "A stray word"), "after": "Two", "reason": "Why.", "by": ann}

    nothing_changes(stray, "longer than any bulletin's", mend_line, **facts)


@pytest.mark.parametrize("reason", ["", "   ", "r" * 301])
def test_a_mend_needs_a_reason_of_reasonable_length(stray, ann, reason):
    facts = {"line": line_of(stray, "A stray word"), "after": "Two", "reason": reason, "by": ann}

    nothing_changes(stray, "at most 300 characters", mend_line, **facts)


def test_a_line_is_not_mended_to_nothing(stray, ann):
    facts = {"line": line_of(stray, "A stray word"), "after": "  ", "reason": "Why.", "by": ann}

    nothing_changes(stray, "set it aside", mend_line, **facts)


def test_the_same_words_are_no_mend(stray, ann):
    line = line_of(stray, "A stray word")
    facts = {"line": line, "after": "A stray word", "reason": "Why.", "by": ann}

    nothing_changes(stray, "reads so already", mend_line, **facts)


def test_a_line_without_a_mend_has_none_to_take_back(stray, ann):
    line = line_of(stray, "A stray word")

    nothing_changes(stray, "there is no mend of it", take_back_mend, line=line, by=ann)


@pytest.mark.parametrize("line", [2, 9999])
def test_a_line_without_words_is_not_mended(stray, ann, line):
    facts = {"line": line, "after": "Two", "reason": "Why.", "by": ann}

    nothing_changes(stray, "is not read by its words", mend_line, **facts)


def test_of_several_blocks_on_one_line_the_words_must_say_which(ann):
    data = as_page(lamps()).replace(b"\n", b" ")
    version = draft(data, name="lamps.html")
    facts = {"line": 1, "after": "Two", "reason": "Why.", "by": ann}

    nothing_changes(version, "several blocks", mend_line, **facts)


def test_a_published_version_is_not_mended(ann):
    version = published(lamps(codes=STRAY))
    line = line_of(version, "A stray word")

    nothing_changes(version, "never changes", read_again, by=ann)
    nothing_changes(version, "never changes", set_aside_line, line=line, reason="An ad.", by=ann)


def test_a_mend_of_a_submitted_version_withdraws_it(stray, ann):
    publishing.submit(version=stray, by=ann, at=AT)

    after = mend(stray, "A stray word", "97112 A word", ann)

    assert after.status == "draft"


# Two at once


def test_a_mend_that_came_meanwhile_is_not_overwritten(stray, ann):
    line = line_of(stray, "A stray word")
    mend(stray, "A stray word", "97112 A word", ann, seen=0)
    facts = {"line": line, "after": "97113 Words", "reason": "Why.", "by": person("ben")}

    nothing_changes(stray, "While you wrote, ann mended it to “97112 A word”", mend_line,
                    seen=0, **facts)  # fmt: skip


def test_a_mend_made_with_the_other_in_view_takes_its_place(stray, ann):
    mend(stray, "A stray word", "97112 A word", ann)
    seen = Mend.objects.get().pk

    mend(stray, "A stray word", "97113 Words", person("ben"), seen=seen)

    assert CodeSpan.objects.filter(version=stray, low="97113").exists()


def test_mends_of_other_lines_do_not_disturb_each_other(stray, ann):
    mend(stray, "A stray word", "97112 A word", ann, seen=0)

    mend(stray, "This is about lamps.", "This is about all lamps.", person("ben"), seen=0)

    assert stray.mends.count() == 2
    assert reading_as_mended(stray).not_understood == ()


@pytest.mark.django_db(transaction=True)
def test_of_two_mends_at_the_same_moment_one_wins_and_the_other_is_told(cast):
    version = draft(lamps(codes=STRAY))
    line = line_of(version, "A stray word")
    together, said = threading.Barrier(2), []

    def send(code, editor):
        together.wait()
        try:
            mend_line(
                version=version, line=line, after=f"{code} A word", reason="A slip.",
                by=editor, at=AT, seen=0,
            )  # fmt: skip
            said.append("")
        except Refused as refusal:
            said.append(str(refusal))
        finally:
            connections.close_all()

    editors = [cast.policy_editor.user, cast.policy_approver.user]
    threads = [
        threading.Thread(target=send, args=[code, editor])
        for code, editor in zip(["97130", "97131"], editors, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    won, told = sorted(said)
    assert won == ""
    assert told.startswith("While you wrote, ")
    after = Mend.objects.get().after
    assert CodeSpan.objects.filter(version=version, low=after.split()[0]).count() == 1
    assert not version.code_spans.filter(low__in={"97130", "97131"} - {after.split()[0]}).exists()
