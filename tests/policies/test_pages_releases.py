"""Releases in the admin: loading one from its file, what it brought, and the AMA's notice."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from policies.imports.code_files import CodeLine
from policies.models import Code, Release
from tests.policies.code_lines import file_of, hcpcs_line
from tests.policies.pages import load

pytestmark = pytest.mark.django_db
ADD = "/admin/policies/release/add/"
AMA = "CPT copyright American Medical Association. All rights reserved."
OWN = "the short descriptions here are this site's own wording"


def give(client, data, **typed):
    fields = {
        "format_name": "hcpcs",
        "file": SimpleUploadedFile("HCPC2026_JAN_ANWEB.txt", data),
        "release_name": "January 2026",
        "valid_from": "2026-01-01",
    }
    return client.post(ADD, fields | typed, follow=True)


def errors_of(response):
    return " ".join(response.context["form"].non_field_errors())


def test_an_editor_loads_a_release_and_reads_what_it_brought(editor):
    response = give(editor, file_of(hcpcs_line("E0100"), hcpcs_line("   LT", record="7")))

    release = Release.objects.get()
    assert response.redirect_chain == [
        (reverse("admin:policies_release_change", args=[release.pk]), 302)
    ]
    (message,) = response.context["messages"]
    assert str(message) == (
        "HCPCS, January 2026 is loaded: 1 new, 0 ended, 0 revised, 0 unchanged."
        " 1 modifier was read and not loaded: modifiers are no codes."
    )
    assert (release.source, release.file_format, release.valid_from) == (
        "HCPC2026_JAN_ANWEB.txt", "HCPCS Level II, fixed width", date(2026, 1, 1),
    )  # fmt: skip
    assert "Every line of the file was understood." in response.content.decode()


def test_lines_not_understood_are_shown_and_refuse_the_file_until_they_are_accepted(editor):
    data = file_of(hcpcs_line("E0100"), hcpcs_line("D0100"))

    refused = give(editor, data)
    page = refused.content.decode()
    assert "Nothing was loaded. 1 of 2 lines were not understood" in errors_of(refused)
    assert "“D0100” has not the shape of a HCPCS code" in page
    assert 'value="January 2026"' in page
    assert not Release.objects.exists()

    accepted = give(editor, data, is_accepted="on").content.decode()
    assert Code.objects.count() == 1
    assert "“D0100” has not the shape of a HCPCS code" in accepted


def test_the_same_file_is_refused_with_the_day_it_was_loaded(editor):
    data = file_of(hcpcs_line("E0100"))
    give(editor, data)

    response = give(editor, data, valid_from="2026-04-01")

    assert "These very bytes were loaded as HCPCS, January 2026 on" in errors_of(response)
    assert Release.objects.count() == 1


@pytest.mark.parametrize("data", [b"no code\n", b"PK\x03\x04", b"\xff\xfeE\x00"])
@pytest.mark.parametrize("format_name", ["hcpcs", "hcpcs-sheet", "cpt-long", "cpt-consolidated"])
def test_a_file_of_no_such_format_is_refused_with_a_sentence(editor, data, format_name):
    response = give(editor, data, format_name=format_name)

    assert errors_of(response).startswith("Nothing was loaded. ")
    assert not Release.objects.exists()


def test_a_file_that_is_too_large_is_refused(editor, monkeypatch):
    monkeypatch.setattr("policies.admin.release_forms.MAX_BYTES", 10)

    response = give(editor, file_of(hcpcs_line("E0100")))

    assert "a file of codes 10 at most" in response.content.decode()
    assert not Release.objects.exists()


@pytest.mark.parametrize("role", ["policy_approver", "auditor", "administrator"])
def test_only_editors_load_releases(cast, client, role):
    client.force_login(getattr(cast, role).user)

    client.get(ADD)
    give(client, file_of(hcpcs_line("E0100")))

    assert not Release.objects.exists()


def test_a_release_is_never_changed(editor):
    load("HCPCS", "E0100")
    page = reverse("admin:policies_release_change", args=[Release.objects.get().pk])

    editor.post(page, {"name": "Other"})
    editor.post(page.replace("change", "delete"), {"post": "yes"})

    assert Release.objects.get().name == "Test"


def test_the_list_counts_the_lines_not_understood(editor):
    give(editor, file_of(hcpcs_line("E0100"), hcpcs_line("D0100")), is_accepted="on")

    page = editor.get("/admin/policies/release/").content.decode()

    assert '<td class="field-told_not_understood">1</td>' in page


@pytest.mark.parametrize("name", ["code_list", "code_system", "code_detail"])
@pytest.mark.parametrize(("is_own", "said", "unsaid"), [(True, OWN, AMA), (False, AMA, OWN)])
def test_pages_with_cpt_descriptors_say_whose_they_are(editor, name, is_own, said, unsaid):
    load("CPT", CodeLine("CPT", "00001", "A made-up lamp"), is_own_wording=is_own)
    args = {"code_list": [], "code_system": ["cpt"], "code_detail": ["cpt", "00001"]}[name]

    page = editor.get(reverse(f"policies:{name}", args=args)).content.decode()

    assert said in page
    assert unsaid not in page


def test_the_page_of_a_cpt_release_carries_its_notice_and_the_amas(editor):
    response = give(
        editor,
        file_of("Made-up notice", "00001\tA made-up lamp"),
        format_name="cpt-long",
        release_name="2026",
    )

    page = response.content.decode()
    assert "Made-up notice" in page
    assert AMA in page
    assert "Every line of the file was understood." in page
