"""Releases of codes: read apart from loading, whole or absent, in order, descriptors by change."""

from datetime import date

import pytest
from django.utils.timezone import localdate

from policies.imports.code_files import CodeLine, NotACodeFile
from policies.imports.code_files.own_list import read_codes
from policies.imports.code_sets import load_codes
from policies.models import Code, Descriptor, Release
from policies.refusals import Refused
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
