"""The policy staff's admin: who may do what with a version, and that published ones stay."""

from datetime import date
from urllib.parse import quote

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from policies.drafting.facts import change_facts
from policies.models import Publication, Release, Version
from policies.publishing import Refused, approve, publish, submit
from tests.policies.library import AT, draft, lamps, published
from tests.policies.pages import load

pytestmark = pytest.mark.django_db
LIST = "/admin/policies/version/"


def page_of(version):
    return reverse("admin:policies_version_change", args=[version.pk])


def do(client, action, *versions, **more):
    """Choose versions in the list, carry an action out, and give back the page that follows."""
    chosen = {"action": action, "_selected_action": [one.pk for one in versions], **more}
    return client.post(LIST, chosen, follow=True)


def said(response):
    return [str(message) for message in response.context["messages"]]


def waiting(cast):
    """A version that the editor wrote and submitted."""
    version = draft(author=cast.policy_editor.user)
    submit(version=version, by=cast.policy_editor.user, at=AT)
    return version


def approved(cast):
    version = waiting(cast)
    approve(version=version, by=cast.policy_approver.user, at=AT)
    return version


# Doors


@pytest.mark.parametrize("role", ["nurse", "physician", "supervisor", "auditor"])
def test_reviewers_do_not_come_in(role, cast, client):
    client.force_login(getattr(cast, role).user)

    assert client.get(LIST).status_code == 302


@pytest.mark.parametrize(
    "address",
    [
        "version/?origin=a\x00b",
        "authorizationrule/?requirement=a\x00b",
        f"release/?valid_from__year={'9' * 30}",
        "importrun/?started_at__year=2147483648",
    ],
)
def test_a_question_that_no_list_can_be_asked_leads_to_the_list(address, editor):
    editor.raise_request_exception = False
    response = editor.get(f"/admin/policies/{quote(address, safe='/?=_')}")

    assert response.status_code == 302
    assert response.url.endswith("/?e=1")


@pytest.mark.parametrize("chosen", ["", "x", "a\x00b", "²"])
def test_what_is_no_version_cannot_be_chosen(chosen, editor):
    editor.raise_request_exception = False
    draft()

    answer = editor.post(LIST, {"action": "submit", "_selected_action": chosen})

    assert answer.status_code == 400


def test_a_nul_in_a_reason_is_refused_and_nothing_stays(editor):
    editor.raise_request_exception = False
    version = draft()
    criterion = version.criteria.filter(parent=None).first()
    page = reverse("admin:policies_version_criteria", args=[version.pk])
    asked = {"do": "rule", "anchor": criterion.anchor, "rule": "any", "reason": "a\x00b"}

    assert editor.post(page, asked).status_code == 400
    assert version.criteria.get(pk=criterion.pk).rule == criterion.rule
    assert not version.edits.exists()


def test_an_administrator_of_accounts_sees_no_policy(cast, client):
    client.force_login(cast.administrator.user)

    assert client.get(LIST).status_code == 403


def test_the_admin_holds_no_member_data():
    registered = {model._meta.label for model in admin.site._registry}
    forbidden = {
        model._meta.label
        for model in apps.get_app_config("reviewer").get_models()
        if model.__name__ not in {"Reviewer", "Credential", "ReasonCode", "RuleChange", "RuleRow"}
    }

    assert registered & forbidden == set()


@pytest.mark.parametrize(
    "address",
    ["/admin/", LIST, f"{LIST}add/", "/admin/policies/bulletin/", "/admin/policies/code/"],
)
def test_the_strict_policy_holds_and_nothing_is_inline(address, editor):
    draft()

    response = editor.get(address)

    assert response.status_code == 200
    assert "unsafe-inline" not in response["Content-Security-Policy"]
    page = response.content.decode()
    assert "<style" not in page
    assert "<script>" not in page
    assert " style=" not in page
    assert " onclick=" not in page


# Importing


def test_an_editor_imports_a_text_as_a_draft(editor, cast):
    file = SimpleUploadedFile("lamps.txt", lamps())

    response = editor.post(
        f"{LIST}add/",
        {"file": file, "effective_basis": "receipt", "category": "Light", "change_note": "New."},
        follow=True,
    )

    version = Version.objects.get()
    assert (version.status, version.author) == ("draft", cast.policy_editor.user)
    assert (version.bulletin.category, version.bulletin.effective_basis) == ("Light", "receipt")
    assert version.change_note == "New."
    assert said(response) == ["0907 v1 is read. Every line of the source was placed."]


def test_what_is_no_bulletin_is_refused_with_a_sentence(editor):
    file = SimpleUploadedFile("letter.txt", b"Dear editor,\n\nhow are you?\n")

    response = editor.post(f"{LIST}add/", {"file": file, "effective_basis": "receipt"})

    assert response.status_code == 200
    assert response.context["form"].errors["file"]
    assert not Version.objects.exists()


def test_an_approver_does_not_import(approver):
    assert approver.get(f"{LIST}add/").status_code == 403


# Drafts


def test_a_draft_is_editable_in_its_few_facts(editor):
    version = draft()
    passages = version.passages.count()

    response = editor.get(page_of(version))

    assert set(response.context["adminform"].form.fields) == {
        "lines_of_business", "jurisdictions", "effective_stated", "notice_days", "next_review",
        "change_note",
    }  # fmt: skip
    assert passages


def post_facts(client, version, *, follow=False, **facts):
    """Send the form of a version with these facts."""
    return client.post(page_of(version), facts, follow=follow)


def test_what_an_editor_writes_is_kept(editor):
    version = draft()

    response = post_facts(
        editor, version, lines_of_business=["medicaid"], jurisdictions=["NY"], change_note="Mended."
    )

    assert response.status_code == 302
    version.refresh_from_db()
    assert (version.lines_of_business, version.jurisdictions) == (["medicaid"], ["NY"])
    assert version.change_note == "Mended."


def test_an_approver_changes_no_fact(approver):
    version = draft()

    assert approver.post(page_of(version), {"change_note": "Mine."}).status_code == 403


# Verbs


def test_an_editor_submits_an_approver_approves_and_publishes(cast, client):
    version = draft(author=cast.policy_editor.user)

    client.force_login(cast.policy_editor.user)
    assert said(do(client, "submit", version)) == [
        "0907 v1 now waits for a second person to approve it; any edit makes it a draft again."
    ]
    client.force_login(cast.policy_approver.user)
    assert said(do(client, "approve", version)) == [
        "0907 v1 is approved and may be published; any edit takes that back."
    ]
    assert "From then on its text" in do(client, "publish", version).content.decode()
    response = do(client, "publish", version, confirmed="yes", effective_from="2026-01-01")

    assert said(response) == ["0907 v1 is published, in effect from 2026-01-01."]
    publication = Publication.objects.get()
    assert publication.effective_from == date(2026, 1, 1)
    assert publication.published_by == cast.policy_approver.user


@pytest.mark.parametrize("action", ["approve", "publish", "retire"])
def test_an_editor_neither_approves_nor_publishes(action, editor, cast):
    version = waiting(cast)

    do(editor, action, version, confirmed="yes", effective_from="2026-01-01")

    version.refresh_from_db()
    assert version.status == "in_review"


def test_nobody_approves_an_own_text(approver, cast):
    version = draft(author=cast.policy_approver.user)
    submit(version=version, by=cast.policy_approver.user, at=AT)

    response = do(approver, "approve", version)

    [sentence] = said(response)
    assert "nobody approves an own text" in sentence
    version.refresh_from_db()
    assert version.status == "in_review"


def test_a_verb_in_the_wrong_state_is_refused_with_a_sentence(approver, cast):
    version = draft(author=cast.policy_editor.user)

    assert said(do(approver, "approve", version)) == [
        "0907 version 1 is draft, and only a version that is in review can be approved."
    ]


@pytest.mark.parametrize("answer", [{}, {"effective_from": "2026-01-01", "is_not_stated": "on"}])
def test_publishing_wants_a_day_or_that_none_is_stated(answer, approver, cast):
    version = approved(cast)

    response = do(approver, "publish", version, confirmed="yes", **answer)

    assert "or tick that none is stated; not both" in response.content.decode()
    assert not Publication.objects.exists()


def test_a_version_may_be_published_without_a_stated_day(approver, cast):
    version = approved(cast)

    do(approver, "publish", version, confirmed="yes", is_not_stated="on")

    assert Publication.objects.get().effective_from is None


def test_versions_are_published_one_at_a_time(approver, cast):
    other = draft(lamps(number="0910"), author=cast.policy_editor.user)

    response = do(approver, "publish", approved(cast), other)

    assert said(response) == ["Choose one version to publish: each needs a day of its own."]


def test_an_approver_retires_with_a_reason(approver):
    version = published()

    do(approver, "retire", version, confirmed="yes", on="2026-06-01", reason="Lamps are free.")

    publication = Publication.objects.get()
    assert (publication.ended_on, publication.end_reason) == (date(2026, 6, 1), "Lamps are free.")


def test_a_button_on_the_page_leads_back_to_it(editor):
    version = draft()

    response = do(editor, "submit", version, from_version=version.pk)

    assert response.redirect_chain[-1][0] == page_of(version)


# Published versions and code sets


@pytest.mark.parametrize("who", ["policy_editor", "policy_approver"])
def test_a_published_version_is_read_only_in_every_way(who, cast, client):
    version = published()
    client.force_login(getattr(cast, who).user)
    before = Version.objects.values().get()

    page = client.get(page_of(version))
    changed = client.post(page_of(version), {"change_note": "Other."})
    deleted = client.post(
        reverse("admin:policies_version_delete", args=[version.pk]), {"post": "yes"}
    )
    do(client, "delete_selected", version, post="yes")

    assert page.status_code == 200
    assert b'name="_save"' not in page.content
    assert b"<select" not in page.content
    assert (changed.status_code, deleted.status_code) == (403, 403)
    assert Version.objects.values().get() == before


@pytest.mark.parametrize("make", [waiting, approved])
def test_an_edit_of_what_was_submitted_makes_it_a_draft_again_and_says_so(make, editor, cast):
    version = make(cast)
    assert "Any edit withdraws the approval" in editor.get(page_of(version)).content.decode()

    response = post_facts(editor, version, change_note="Other.", follow=True)

    version.refresh_from_db()
    assert (version.status, version.approver, version.change_note) == ("draft", None, "Other.")
    assert said(response)[0] == (
        "0907 v1 is a draft again: an edit withdraws what was signed. Submit it again."
    )


def test_a_form_sent_as_it_was_withdraws_nothing(editor, cast):
    version = approved(cast)

    post_facts(editor, version, change_note=version.change_note)

    version.refresh_from_db()
    assert version.status == "approved"


def test_whoever_wrote_facts_into_a_draft_does_not_approve_it(cast, client):
    version = draft(author=cast.policy_editor.user)
    both = cast.policy_approver.user
    both.user_permissions.add(Permission.objects.get(codename="change_version"))
    client.force_login(both)
    post_facts(client, version, change_note="Mine.")
    submit(version=version, by=cast.policy_editor.user, at=AT)

    page = client.get(page_of(version)).content.decode()
    [sentence] = said(do(client, "approve", version))

    assert "You wrote into it: someone who did not approves it." in page
    assert 'value="approve"' not in page
    assert "nobody approves what they wrote into" in sentence
    version.refresh_from_db()
    assert version.status == "in_review"


def test_facts_of_a_version_published_meanwhile_are_refused_with_a_sentence(cast, editor):
    version = draft(author=cast.policy_editor.user)
    page = editor.get(page_of(version))
    assert page.status_code == 200
    submit(version=version, by=cast.policy_editor.user, at=AT)
    approve(version=version, by=cast.policy_approver.user, at=AT)
    publish(version=version, effective_from=None, by=cast.policy_approver.user, at=AT)

    with pytest.raises(Refused, match="published and never changes"):
        change_facts(version=version, facts={"change_note": "X"}, by=cast.policy_editor.user, at=AT)


def test_the_source_is_a_link_to_the_attachment(editor):
    version = published()

    assert (
        b'<a href="/policies/0907/v1/source" download>lamps.txt</a>'
        in editor.get(page_of(version)).content
    )


def test_which_day_a_published_bulletin_goes_by_is_not_changed_by_one_person(editor):
    bulletin = published().bulletin
    address = reverse("admin:policies_bulletin_change", args=[bulletin.pk])

    editor.post(address, {"category": "Light", "owner": "", "effective_basis": "receipt"})

    bulletin.refresh_from_db()
    assert (bulletin.category, bulletin.effective_basis) == ("Light", "")


def test_codes_come_only_with_a_release_and_a_release_stays(editor):
    load("CPT", "97110")
    release = Release.objects.get()

    assert b"97110" in editor.get("/admin/policies/code/", {"q": "97110"}).content
    assert editor.get("/admin/policies/code/add/").status_code == 403
    address = reverse("admin:policies_release_delete", args=[release.pk])
    assert editor.post(address, {"post": "yes"}).status_code == 403
    assert Release.objects.filter(pk=release.pk).exists()


def test_bulletins_are_neither_added_nor_deleted(editor):
    bulletin = published().bulletin

    assert editor.get("/admin/policies/bulletin/add/").status_code == 403
    address = reverse("admin:policies_bulletin_delete", args=[bulletin.pk])
    assert editor.post(address, {"post": "yes"}).status_code == 403
