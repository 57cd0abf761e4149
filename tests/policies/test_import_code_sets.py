"""Releases of codes: read apart from loading, whole or absent, in order, descriptors by change."""

from datetime import date

import pytest
from django.utils.timezone import localdate

from policies.imports.brought import Brought, brought
from policies.imports.code_files import CodeLine, NotACodeFile
from policies.imports.code_files.own_list import read_codes
from policies.imports.code_sets import load_codes, load_file
from policies.imports.loaded import when_loaded
from policies.models import Code, Descriptor, Release
from policies.refusals import Refused
from tests.policies.code_lines import file_of, order_line
from tests.policies.library import AT

HEAD = b"system,code,short,long,billable,add_on\n"


def load(*rows, sha256="a" * 64, valid_from=date(2025, 10, 1), system="HCPCS"):
    return load_codes(
        rows, system=system, release_name="Test", valid_from=valid_from,
        source="test", sha256=sha256, at=AT,
    )  # fmt: skip


def line(code, short="Lamp", **more):
    return CodeLine("HCPCS", code, short, **more)


def test_reading_gives_what_the_file_states():
    rows = list(read_codes(HEAD + b"CPT,97546,Lamp,A long lamp,1,1\nICD-10-CM,S13.4,Neck,,0,0\n"))

    assert rows == [
        CodeLine("CPT", "97546", "Lamp", "A long lamp", is_billable=True, is_add_on=True),
        CodeLine("ICD-10-CM", "S13.4", "Neck", "", is_billable=False, is_add_on=False),
    ]


def test_a_file_without_a_column_is_refused():
    with pytest.raises(NotACodeFile, match="lacks the column add_on"):
        list(read_codes(b"system,code,short,long,billable\n"))


@pytest.mark.django_db
def test_keys_have_no_dot_and_display_does():
    load(CodeLine("ICD-10-CM", "S13.4XXA", "Neck"), system="ICD-10-CM")

    code = Code.objects.get()
    assert (code.key, code.display, code.valid_from) == ("S134XXA", "S13.4XXA", date(2025, 10, 1))
    assert str(code.descriptors.get()) == "Neck"


@pytest.mark.django_db
def test_the_same_file_is_refused_with_the_day_it_was_loaded():
    load(line("E0601"))

    with pytest.raises(Refused, match=f"loaded as HCPCS, Test on {localdate(AT)}"):
        load(line("E0601"), valid_from=date(2026, 1, 1))

    assert (Release.objects.count(), Code.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_a_code_that_is_gone_ends_the_day_before():
    load(line("E0601"), line("E0602"))
    load(line("E0602"), line("E0603"), sha256="b" * 64, valid_from=date(2026, 1, 1))

    assert list(Code.objects.values_list("key", "valid_from", "valid_to")) == [
        ("E0601", date(2025, 10, 1), date(2025, 12, 31)),
        ("E0602", date(2025, 10, 1), None),
        ("E0603", date(2026, 1, 1), None),
    ]


@pytest.mark.django_db
def test_a_descriptor_is_stored_where_it_says_something_new():
    load(line("E0601", "Lamp"), line("E0602", "Wick"))
    load(
        line("E0601", "Lamp"),
        line("E0602", "Long wick"),
        sha256="b" * 64,
        valid_from=date(2026, 1, 1),
    )
    load(line("E0601", "Lamp"), line("E0602", "Wick"), sha256="c" * 64, valid_from=date(2026, 4, 1))

    said = Descriptor.objects.order_by("code__key", "release__valid_from")
    assert list(said.values_list("code__key", "short")) == [
        ("E0601", "Lamp"), ("E0602", "Wick"), ("E0602", "Long wick"), ("E0602", "Wick"),
    ]  # fmt: skip


@pytest.mark.django_db
def test_releases_are_loaded_in_order():
    load(line("E0601"), valid_from=date(2026, 1, 1))

    with pytest.raises(Refused, match="load releases in order"):
        load(line("E0601"), sha256="b" * 64)

    assert Release.objects.count() == 1


@pytest.mark.django_db
def test_a_release_is_whole_or_absent():
    with pytest.raises(Exception, match="value too long"):
        load(line("E0601"), line("E" * 40))

    assert not Release.objects.exists()
    assert not Code.objects.exists()


def periods():
    return [
        (one.key, one.valid_from, one.valid_to)
        for one in Code.objects.order_by("key", "valid_from")
    ]


JANUARY, APRIL, JULY = date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1)


@pytest.mark.django_db
def test_days_that_a_file_states_are_those_of_the_code():
    load(line("E0601", valid_from=date(2001, 1, 1), valid_to=date(2009, 12, 31)))

    assert periods() == [("E0601", date(2001, 1, 1), date(2009, 12, 31))]


@pytest.mark.django_db
def test_a_code_that_had_ended_begins_again_and_keeps_its_first_days():
    load(line("E0601"), line("E0602"))
    load(line("E0602"), sha256="b" * 64, valid_from=JANUARY)
    load(line("E0601"), line("E0602"), sha256="c" * 64, valid_from=APRIL)

    assert periods()[:2] == [
        ("E0601", date(2025, 10, 1), date(2025, 12, 31)),
        ("E0601", APRIL, None),
    ]


@pytest.mark.django_db
def test_a_reactivated_code_begins_again_on_the_day_stated():
    added = date(2001, 1, 1)
    load(line("E0601", valid_from=added, valid_to=date(2009, 12, 31)))
    load(
        line("E0601", valid_from=added, begins_again=date(2026, 2, 1)),
        sha256="b" * 64, valid_from=APRIL,
    )  # fmt: skip
    load(line("E0601", valid_from=added), sha256="c" * 64, valid_from=JULY)

    assert periods() == [
        ("E0601", added, date(2009, 12, 31)),
        ("E0601", date(2026, 2, 1), None),
    ]


@pytest.mark.django_db
def test_an_end_announced_and_withdrawn_is_no_end():
    load(line("E0601", valid_to=date(2026, 12, 31)))
    load(line("E0601"), sha256="b" * 64, valid_from=APRIL)

    assert periods() == [("E0601", date(2025, 10, 1), None)]


@pytest.mark.django_db
def test_a_code_announced_and_withdrawn_before_its_day_never_was():
    load(line("E0601", valid_from=JULY), line("E0602", successor="E0601"))
    load(line("E0602"), sha256="b" * 64, valid_from=APRIL)

    assert periods() == [("E0602", date(2025, 10, 1), None)]


@pytest.mark.django_db
def test_a_header_that_becomes_billable_ends_and_begins_again():
    load(line("E0601", is_billable=False))
    load(line("E0601", is_billable=True), sha256="b" * 64, valid_from=APRIL)

    header, code = Code.objects.order_by("valid_from")
    assert (header.is_billable, header.valid_to, header.successor) == (
        False, date(2026, 3, 31), code,
    )  # fmt: skip
    assert (code.is_billable, code.valid_from, code.valid_to) == (True, APRIL, None)
    assert code.descriptors.count() == 1


@pytest.mark.django_db
def test_a_code_that_ends_names_its_successor():
    load(line("E0601"), line("E0602"))
    load(
        line("E0601", valid_to=date(2026, 3, 31), successor="E0602"),
        line("E0602"),
        sha256="b" * 64, valid_from=APRIL,
    )  # fmt: skip

    assert Code.objects.get(key="E0601").successor == Code.objects.get(key="E0602")


@pytest.mark.django_db
def test_a_successor_may_be_of_another_system():
    load(CodeLine("CPT", "00001", "Lamp"), system="CPT")
    load(line("E0601", valid_to=date(2026, 3, 31), successor="00001"))

    assert Code.objects.get(key="E0601").successor == Code.objects.get(system="CPT")


@pytest.mark.django_db
def test_counts_say_what_a_release_brought():
    load(line("E0601"), line("E0602"), line("E0603"), line("E0604", is_billable=False))
    release = load(
        line("E0602", "Other"), line("E0603"), line("E0604"), line("E0605"),
        sha256="b" * 64, valid_from=APRIL,
    )  # fmt: skip

    assert brought(release) == Brought(new=2, ended=2, revised=1, unchanged=1)


@pytest.mark.django_db
def test_whoever_asked_is_told_of_a_release_with_its_codes(monkeypatch):
    told = []
    monkeypatch.setattr("policies.imports.loaded._told", [])
    when_loaded(lambda release: told.append((release.name, Code.objects.count())))

    load(line("E0601"))

    assert told == [("Test", 1)]


def load_order_file(data, **facts):
    return load_file(
        data, format_name="icd-10-cm", release_name="FY2027", valid_from=date(2026, 10, 1),
        source="order.txt", at=AT, **facts,
    )  # fmt: skip


def many_lines(*wrong):
    return file_of(*(order_line(f"A{number:03}") for number in range(100)), *wrong)


@pytest.mark.django_db
def test_a_file_is_loaded_with_what_was_not_understood():
    release, file = load_order_file(many_lines("B00"))

    assert (file.count, Code.objects.count()) == (101, 100)
    assert release.not_understood == [
        {"number": 101, "text": "B00",
         "reason": "it ends at column 3, and the long description begins at the 78th"},
    ]  # fmt: skip
    assert (release.file_format, release.is_own_wording) == ("ICD-10-CM order file", False)


@pytest.mark.django_db
def test_a_file_with_too_many_lines_not_understood_is_refused_until_accepted():
    with pytest.raises(Refused, match="2 of 102 lines were not understood, more than 1 %"):
        load_order_file(many_lines("B00", "B01"))
    assert not Release.objects.exists()

    load_order_file(many_lines("B00", "B01"), is_accepted=True)
    assert Code.objects.count() == 100


@pytest.mark.django_db
def test_progress_is_told_up_to_the_last_code():
    steps = []

    load_order_file(many_lines(), progress=lambda done, of: steps.append((done, of)))

    assert steps == [(100, 100)]


@pytest.mark.django_db
def test_the_notice_of_a_file_is_kept_beside_what_was_not_understood():
    release, _ = load_file(
        file_of("Made-up notice", "00001\tA lamp"), format_name="cpt-long", release_name="2027",
        valid_from=date(2027, 1, 1), source="long.txt", at=AT,
    )  # fmt: skip

    assert release.not_understood == [
        {"number": 0, "text": "Made-up notice", "reason": "notice of the publisher"}
    ]
