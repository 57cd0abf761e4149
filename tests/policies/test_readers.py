"""What a person last read of a bulletin, and what counts as reading."""

from datetime import date, timedelta

import pytest

from policies.models import Acknowledgment, Version
from policies.publishing import retire
from policies.readers import (
    NotToAcknowledge,
    acknowledge,
    is_news,
    last_read,
    note_visit,
    unread,
)
from tests.policies.library import AT, draft, lamps, person, published

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 2)
LATER = AT + timedelta(days=1)


@pytest.fixture
def reader():
    return person("reader")


def again(effective_from=date(2026, 2, 1)):
    return published(lamps(title="Lamps again"), effective_from=effective_from)


def visit(version, reader, at=AT, on=TODAY):
    note_visit(
        version=version,
        reader=reader,
        read=last_read(reader, version.bulletin),
        at=at,
        on=on,
    )


def test_the_first_visit_to_a_version_in_effect_counts_as_reading_it(reader):
    version = published()

    visit(version, reader)

    assert last_read(reader, version.bulletin).version == version


def test_a_second_visit_writes_nothing(reader):
    version = published()

    visit(version, reader)
    visit(version, reader, at=LATER)

    assert [one.at for one in Acknowledgment.objects.all()] == [AT]


def test_a_visit_to_a_newer_version_is_no_acknowledgment(reader):
    first = published()
    visit(first, reader)
    second = again()

    visit(second, reader)

    assert last_read(reader, second.bulletin).version == first
    assert is_news(second, last_read(reader, second.bulletin), reader, TODAY)


def test_an_older_version_read_at_its_address_is_not_the_newest_read(reader):
    first = published()
    second = again()
    first.refresh_from_db()

    visit(first, reader)

    assert last_read(reader, first.bulletin) is None
    assert not is_news(second, None, reader, TODAY)


@pytest.mark.parametrize("effective_from", [date(2026, 1, 1), None])
def test_what_holds_today_may_be_read_dated_or_not(effective_from, reader):
    version = published(effective_from=effective_from)

    visit(version, reader)

    assert last_read(reader, version.bulletin).version == version


def test_drafts_and_versions_to_come_are_not_read_by_a_visit(reader):
    coming = published(effective_from=TODAY + timedelta(days=1))
    unpublished = draft(lamps(number="0908"))

    visit(coming, reader)
    visit(unpublished, reader)

    assert not Acknowledgment.objects.exists()


def test_an_acknowledgment_moves_what_was_last_read(reader):
    first = published()
    visit(first, reader)
    second = again()

    acknowledge(version=second, reader=reader, at=LATER)

    assert last_read(reader, second.bulletin).version == second
    assert not is_news(second, last_read(reader, second.bulletin), reader, TODAY)


def test_acknowledging_twice_keeps_the_first_time(reader):
    version = published()

    acknowledge(version=version, reader=reader, at=AT)
    read = acknowledge(version=version, reader=reader, at=LATER)

    assert read.at == AT
    assert Acknowledgment.objects.count() == 1


def test_the_newest_version_counts_however_late_an_older_one_is_acknowledged(reader):
    first = published()
    second = again()
    acknowledge(version=second, reader=reader, at=AT)

    acknowledge(version=first, reader=reader, at=LATER)

    assert last_read(reader, first.bulletin).version == second


def test_a_draft_cannot_be_acknowledged(reader):
    version = draft()

    with pytest.raises(NotToAcknowledge, match="0907 v1 is not published"):
        acknowledge(version=version, reader=reader, at=AT)

    assert not Acknowledgment.objects.exists()


def test_a_version_to_come_is_news_and_may_be_read_ahead(reader):
    first = published()
    visit(first, reader)
    coming = again(TODAY + timedelta(days=30))
    read = last_read(reader, first.bulletin)
    assert is_news(coming, read, reader, TODAY)

    acknowledge(version=coming, reader=reader, at=AT)

    assert not is_news(coming, last_read(reader, first.bulletin), reader, TODAY)


def test_a_version_that_has_ended_is_no_news(reader):
    first = published()
    visit(first, reader)
    second = again()
    retire(version=second, on=date(2026, 3, 1), reason="Dark.", by=None, at=AT)
    second.refresh_from_db()

    assert not is_news(second, last_read(reader, first.bulletin), reader, TODAY)


@pytest.mark.parametrize("role", ["author", "approver"])
def test_who_signed_a_version_is_not_told_that_it_changed(role, reader):
    first = published()
    visit(first, reader)
    second = again()
    setattr(second, role, reader)
    read = last_read(reader, first.bulletin)

    assert not is_news(second, read, reader, TODAY)


def test_a_signed_version_is_read_by_a_visit(reader):
    first = published()
    visit(first, reader)
    second = again()
    second.author = reader

    visit(second, reader)

    assert last_read(reader, first.bulletin).version == second


def test_who_never_read_a_bulletin_has_nothing_unread(reader):
    published()
    again()

    assert not unread(Version.objects.published(), reader).exists()


def test_unread_are_the_versions_newer_than_the_last_read(reader):
    visit(published(), reader)
    second = again()
    visit(published(lamps(number="0908")), reader)

    assert list(unread(Version.objects.published(), reader)) == [second]
    assert not unread(Version.objects.published(), person("other")).exists()
