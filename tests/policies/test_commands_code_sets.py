"""`load_codes`, `load_add_ons` and `load_icd_10_cm`: what they load, refuse and say."""

import sys
from datetime import date
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from policies.management.commands import load_icd_10_cm
from policies.models import AddOnEdit, AddOnFile, Code, Release
from tests.policies.code_lines import file_of, hcpcs_line, order_line

pytestmark = pytest.mark.django_db


def said_by(*words, **options):
    out = StringIO()
    call_command(*words, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def write(tmp_path):
    def written(data, name="file.txt"):
        (tmp_path / name).write_bytes(data)
        return str(tmp_path / name)

    return written


def load_hcpcs(path, *more, name="January 2026", first="2026-01-01"):
    return said_by("load_codes", "hcpcs", path, "--name", name, "--valid-from", first, *more)


def test_a_release_is_loaded_and_its_counts_are_said(write):
    load_hcpcs(write(file_of(hcpcs_line("E0100"), hcpcs_line("E0101"))))

    said = load_hcpcs(
        write(file_of(hcpcs_line("E0100", "Otherwise"), hcpcs_line("E0102"))),
        name="April 2026",
        first="2026-04-01",
    )

    assert said == (
        "HCPCS, April 2026 is loaded, valid from 2026-04-01:"
        " 1 new, 1 ended, 1 revised, 0 unchanged.\n"
        "Not understood: 0\n"
    )


def test_lines_not_understood_refuse_the_file_until_they_are_accepted(write):
    path = write(file_of(hcpcs_line("E0100"), hcpcs_line("D0100")))

    with pytest.raises(CommandError, match="1 of 2 lines were not understood, more than 1 %"):
        load_hcpcs(path)
    assert not Release.objects.exists()

    said = load_hcpcs(path, "--accept")
    assert "Not understood: 1\n  line 2: “D0100” has not the shape of a HCPCS code" in said


def test_the_same_file_is_refused_with_the_day_it_was_loaded(write):
    path = write(file_of(hcpcs_line("E0100")))
    load_hcpcs(path)

    with pytest.raises(CommandError, match=r"loaded as HCPCS, January 2026 on \d{4}-\d\d-\d\d"):
        load_hcpcs(path, first="2026-04-01")


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"no code\n", "No line of the file is of this format"), (None, "It cannot be read")],
)
def test_what_is_no_file_of_codes_is_refused(write, data, said):
    path = "/nowhere/at/all" if data is None else write(data)

    with pytest.raises(CommandError, match=said):
        load_hcpcs(path)


def test_own_wording_is_noted(write):
    load_hcpcs(write(file_of(hcpcs_line("E0100"))), "--own-wording")

    assert Release.objects.get().is_own_wording


EDITS = b"00002\t\t00001\t\t2025001\t\t1\t\n00003\t\tCCCCC\t\t2025001\t\t2\t\n"


def load_add_ons(path, first="2026-01-01"):
    return said_by("load_add_ons", "medicare", path, "--name", "2026 Q1", "--valid-from", first)


def test_add_on_codes_are_loaded(write):
    said = load_add_ons(write(EDITS))

    assert said == (
        "Add-on codes, Medicare, 2026 Q1: 2 add-on codes in 2 lines.\nNot understood: 0\n"
    )
    assert list(AddOnEdit.objects.values_list("add_on", "primary", "kind")) == [
        ("00002", "00001", 1), ("00003", "", 2),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (EDITS, "loaded as Add-on codes, Medicare, 2026 Q1 on"),
        (EDITS.replace(b"00003", b"00004"), "load files in order"),
        (EDITS.replace(b"00003", b"3"), "load files in order"),
    ],
)
def test_a_file_of_add_on_codes_is_loaded_once_and_in_order(write, data, said):
    load_add_ons(write(EDITS))

    with pytest.raises(CommandError, match=said):
        load_add_ons(write(data))
    assert AddOnFile.objects.count() == 1


def test_a_file_of_add_on_codes_is_whole_or_absent(write):
    with pytest.raises(CommandError, match="1 of 2 lines were not understood"):
        load_add_ons(write(EDITS.replace(b"00003", b"3")))

    assert not AddOnFile.objects.exists()


PACKAGE = {
    "1": (False, "A chapter"),
    "A00-A09": (False, "A section"),
    "A00": (False, "Cholera"),
    "A00.0": (True, "Cholera due to Vibrio cholerae 01, biovar cholerae"),
    "B20": (True, "Human immunodeficiency virus [HIV] disease"),
}


def test_the_package_of_icd_10_cm_is_loaded_as_an_order_file(monkeypatch):
    package = SimpleNamespace(
        get_all_codes=lambda *, with_dots: [*PACKAGE, "B20"],  # a section may bear a code's name
        is_leaf=lambda code: PACKAGE[code][0],
        get_description=lambda code: PACKAGE[code][1],
    )
    monkeypatch.setitem(sys.modules, "simple_icd_10_cm", package)
    monkeypatch.setattr(load_icd_10_cm, "version", lambda name: "1.5.0")

    said = said_by("load_icd_10_cm")

    assert "ICD-10-CM, April 2026 is loaded, valid from 2026-04-01: 3 new" in said
    assert list(Code.objects.values_list("display", "is_billable", "valid_from")) == [
        ("A00", False, date(2026, 4, 1)),
        ("A00.0", True, date(2026, 4, 1)),
        ("B20", True, date(2026, 4, 1)),
    ]


def test_without_the_package_it_is_said_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "simple_icd_10_cm", None)

    with pytest.raises(CommandError, match="uv pip install simple-icd-10-cm"):
        said_by("load_icd_10_cm")


def test_a_line_of_the_package_has_the_columns_of_an_order_file():
    package = SimpleNamespace(
        get_all_codes=lambda *, with_dots: ["A00.0"],
        is_leaf=lambda code: True,
        get_description=lambda code: "Cholera",
    )

    assert load_icd_10_cm.order_file(package) == file_of(
        order_line("A000", "Cholera", short="Cholera"), end="\n"
    )
