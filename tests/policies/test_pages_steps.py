"""The way of a version in the admin: how each step stands, what is next, what it touches."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from policies import impact
from policies.admin.step import State
from policies.admin.steps import steps
from policies.impact import Item, Touched
from policies.models import Version
from policies.publishing import approve, submit
from tests.policies.library import AT, draft, lamps, published

pytestmark = pytest.mark.django_db
LIST = "/admin/policies/version/"
MORE = lamps(limitation="Colored and striped lamps are not covered.")


def page(name, version):
    return reverse(f"admin:policies_version_{name}", args=[version.pk])


def way(version, reviewer, here=""):
    """The steps by their keys."""
    version.refresh_from_db()
    found = steps(version, reviewer.user, timezone.localdate(), here=here)
    return {one.key: one for one in found}


def following(version, reviewer, here=""):
    return next((key for key, one in way(version, reviewer, here).items() if one.is_next), None)


def waiting(cast, data=None):
    version = draft(data, author=cast.policy_editor.user)
    submit(version=version, by=cast.policy_editor.user, at=AT)
    return version


def confirm_everything(version, cast):
    who = cast.policy_editor.user
    version.criteria.update(confirmed_by=who, confirmed_at=AT)
    version.passages.update(stance_confirmed_by=who, stance_confirmed_at=AT)


# The steps


def test_the_way_has_ten_steps_in_their_order(cast):
    assert list(way(draft(), cast.policy_editor)) == [
        "read", "criteria", "stances", "facts", "compare", "preview", "impact", "submit",
        "approve", "schedule",
    ]  # fmt: skip


def test_a_fresh_draft_says_what_nobody_has_confirmed(cast):
    version = draft()
    criteria = version.criteria.count()
    stances = version.passages.exclude(stance_type="").count()
    assert criteria
    assert stances

    found = way(version, cast.policy_editor)

    assert found["read"].state == State.DONE
    assert found["read"].words == "Every line is placed."
    assert (found["criteria"].state, found["criteria"].words) == (
        State.TO_DO, f"0 of {criteria} confirmed.",
    )  # fmt: skip
    assert found["stances"].words == f"0 of {stances} confirmed."
    assert following(version, cast.policy_editor) == "criteria"


def test_lines_not_understood_come_first(cast):
    version = draft()
    version.not_understood = [{"line": 3, "text": "%%%", "reason": "No part of a bulletin."}]
    version.save(update_fields=["not_understood"])

    found = way(version, cast.policy_editor)["read"]

    assert (found.state, found.words) == (State.TO_DO, "1 line to look at.")
    assert following(version, cast.policy_editor) == "read"


def test_a_draft_without_a_change_note_is_not_submitted_yet(cast):
    version = draft(change_note="")

    found = way(version, cast.policy_editor)

    assert found["facts"].words == "The change note is missing."
    assert (found["submit"].state, found["submit"].words) == (
        State.CLOSED, "Write the change note first.",
    )  # fmt: skip
    assert found["submit"].action == ""


def test_looking_leads_on_from_page_to_page_and_then_to_the_signature(cast):
    published()
    version = draft(MORE, author=cast.policy_editor.user)
    confirm_everything(version, cast)

    order = [following(version, cast.policy_editor, here) for here in
             ("facts", "compare", "preview", "impact")]  # fmt: skip

    assert order == ["compare", "preview", "impact", "submit"]


def test_the_comparison_is_with_the_version_in_force(cast):
    published()
    found = way(draft(MORE), cast.policy_editor)["compare"]

    # A passage of an exclusion in other words: nothing but reading tells what that does.
    assert found.words == "Against version 1: 1 read it."
    assert found.address == "/policies/0907/compare/1/2"


def test_a_first_version_has_nothing_to_be_compared_with(cast):
    found = way(draft(), cast.policy_editor)["compare"]

    assert found.state == State.CLOSED
    assert found.words == "It is the first version: there is none to compare it with."


def test_an_author_sees_why_they_cannot_approve(cast):
    found = way(waiting(cast), cast.policy_editor)["approve"]

    assert (found.state, found.action) == (State.CLOSED, "")
    assert found.words == "You wrote it: a second person approves it."


def test_an_approver_approves_after_looking(cast):
    version = waiting(cast)
    confirm_everything(version, cast)  # which makes it a draft again
    submit(version=version, by=cast.policy_editor.user, at=AT)

    assert way(version, cast.policy_approver)["approve"].action == "approve"
    assert following(version, cast.policy_approver, "impact") == "approve"
    assert following(version, cast.policy_editor, "impact") is None


def test_work_that_is_left_is_not_next_once_it_was_submitted(cast):
    version = waiting(cast)

    found = way(version, cast.policy_editor)["criteria"]

    assert found.state == State.CLOSED
    assert found.words.endswith("confirmed. It would have to be a draft again.")
    assert following(version, cast.policy_editor) is None


def test_what_was_signed_says_who_and_when(cast):
    version = waiting(cast)
    approve(version=version, by=cast.policy_approver.user, at=AT)

    found = way(version, cast.policy_approver)

    assert (found["submit"].state, found["submit"].words) == (
        State.DONE,
        "Paul Ostrom, 2026-03-02.",
    )
    assert (found["approve"].state, found["approve"].words) == (
        State.DONE,
        "Hana Sato, 2026-03-02.",
    )
    assert found["schedule"].action == "publish"
    assert way(version, cast.policy_editor)["schedule"].words == "It waits for a policy approver."


def test_a_published_version_has_no_next_step(cast):
    version = published()

    assert following(version, cast.policy_approver) is None
    assert way(version, cast.policy_approver)["schedule"].words.startswith(
        "In effect from 2026-01-01, "
    )


def test_the_next_step_is_the_prominent_one_on_the_page(cast, editor):
    version = draft()

    shown = editor.get(page("change", version)).content.decode()

    assert '<a class="verb" href="' in shown
    assert "Confirm the criteria</a>" in shown
    assert "Any edit withdraws the approval" not in shown


def test_what_is_signed_says_that_an_edit_withdraws_it(cast, editor):
    shown = editor.get(page("impact", waiting(cast))).content.decode()

    assert "Any edit withdraws the approval" in shown


# The impact


@pytest.fixture
def touching(monkeypatch):
    """Three numbers by a provider of the test, of which policy staff may open one."""

    def provider(change):
        items = (
            Item("R-1", "/requests/R-1", "reviewer.view_request"),
            Item("L-2", "/lamps/2", "policies.view_version"),
        )
        yield Touched("lit rooms", 2, f"Lit by {change.version}.", items)
        many = tuple(Item(f"M-{n}", f"/m/{n}", "policies.view_version") for n in range(1, 701))
        yield Touched("dark rooms", 700, "Dark.", many)

    monkeypatch.setattr(impact, "_PROVIDERS", {"test": provider})


def test_the_impact_shows_numbers_with_links_where_they_open(touching, cast, editor):
    shown = editor.get(page("impact", draft())).content.decode()

    assert "Lit by 0907 v1." in shown
    assert '<a href="/lamps/2">L-2</a>' in shown
    assert "<li>R-1</li>" in shown
    assert "it holds a member's data, and policy staff see none" in shown


def test_a_long_list_is_whole_over_its_pages(touching, cast, editor):
    address = page("impact", draft())
    found = set()
    for number in (1, 2):
        context = editor.get(address, {"list": "dark-rooms", "page": number}).context
        found |= {item.words for item, _ in context["page"]}

    assert "All 700" in editor.get(address).content.decode()
    assert found == {f"M-{n}" for n in range(1, 701)}


def test_the_impact_counts_the_classes_of_the_comparison_and_lists_the_codes(cast, editor):
    published()
    codes = "CPT codes covered if selection criteria are met:\n\n97110 Lamp exercises\n"
    version = draft(lamps(codes=codes))

    context = editor.get(page("impact", version)).context

    assert {str(effect): count for effect, count in context["tally"]}["tightened"] == 1
    assert [(one.fate, one.codes, one.before, one.after) for one in context["codes"]] == [
        ("removed", "97112 - 97116", "Covered if criteria met", ""),
        ("removed", "S00.00X+ - T88.9XX+", "Not covered", ""),
        ("removed", "Z98.870 - Z98.89", "Not covered", ""),
    ]


def test_the_impact_of_a_first_version_lists_all_of_its_codes(cast, editor):
    context = editor.get(page("impact", draft())).context

    assert context["tally"] == []
    assert [(one.fate, one.codes) for one in context["codes"]] == [
        ("added", "97110, 97112 - 97116"),
        ("added", "S00.00X+ - T88.9XX+, Z98.870 - Z98.89"),
    ]


@pytest.mark.parametrize("role", ["nurse", "administrator"])
def test_the_impact_is_for_policy_staff(role, cast, client):
    client.force_login(getattr(cast, role).user)

    assert client.get(page("impact", draft())).status_code in (302, 403)


def test_the_impact_of_no_version_is_not_found(editor):
    assert editor.get("/admin/policies/version/999999/impact/").status_code == 404


# Publishing and retiring


def ask(client, action, version, **more):
    chosen = {"action": action, "_selected_action": [version.pk], **more}
    return client.post(LIST, chosen, follow=True)


def approved(cast, data=None, **facts):
    version = draft(data, author=cast.policy_editor.user)
    Version.objects.filter(pk=version.pk).update(**facts)
    submit(version=version, by=cast.policy_editor.user, at=AT)
    approve(version=version, by=cast.policy_approver.user, at=AT)
    return version


def test_publishing_shows_what_it_touches_and_what_ends(touching, cast, approver):
    published()
    shown = ask(approver, "publish", approved(cast, MORE)).content.decode()

    assert '<a href="/policies/0907/v1">0907 v1</a> ends on the day' in shown
    assert "Lit by 0907 v2." in shown
    assert "No notice period is asked for" in shown


def test_publishing_names_the_first_possible_day_of_a_notice_period(cast, approver):
    first = timezone.localdate() + timedelta(days=30)

    shown = ask(approver, "publish", approved(cast, notice_days=30)).content.decode()

    assert f"The first possible day is <b>{first}</b>" in shown


def test_a_day_before_it_is_refused_beside_what_was_typed(cast, approver):
    version = approved(cast, notice_days=30)
    soon = timezone.localdate() + timedelta(days=29)

    response = ask(approver, "publish", version, confirmed="yes", effective_from=soon)

    assert "asks for 30 days of notice" in response.content.decode()
    assert response.context["form"]["effective_from"].value() == str(soon)
    version.refresh_from_db()
    assert version.status == "approved"


def test_retiring_shows_the_impact_and_every_code_as_removed(touching, cast, approver):
    response = ask(approver, "retire", published())

    assert "Lit by 0907 v1." in response.content.decode()
    assert {one.fate for one in response.context["codes"]} == {"removed"}


# Uploading


def upload(client, name, data, **more):
    file = SimpleUploadedFile(name, data)
    return client.post(f"{LIST}add/", {"file": file, **more}, follow=True)


def test_a_new_file_leads_to_what_was_read_of_it(cast, editor):
    response = upload(editor, "lamps.txt", lamps())

    assert response.redirect_chain[-1][0] == page("parse_review", Version.objects.get())


def test_a_file_imported_before_leads_to_the_version_that_it_is(cast, editor):
    version = draft()

    response = upload(editor, "again.txt", lamps(), change_note="Other.")

    assert response.redirect_chain[-1][0] == page("change", version)
    [message] = response.context["messages"]
    assert "imported before, byte for byte: it is 0907 v1" in str(message)
    assert Version.objects.get().change_note == "Lamps."


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("letter.txt", b"Dear editor,\n\nhow are you?\n", "bulletin"),
        ("empty.txt", b"", "The file is empty: choose the one that holds the text."),
        ("lamps.docx", lamps(), "save it as plain text"),
    ],
)
def test_after_an_error_what_was_typed_stays(name, data, sentence, cast, editor):
    response = upload(editor, name, data, change_note="Kept.", category="Light", jurisdictions="NY")

    form = response.context["form"]
    assert sentence in " ".join(form.errors["file"])
    assert form["change_note"].value() == "Kept."
    assert form["category"].value() == "Light"
    assert form["jurisdictions"].value() == ["NY"]
    assert not Version.objects.exists()


# Lists


@pytest.mark.parametrize(
    ("stage", "found"),
    [
        ("draft", ["0911 v1"]),
        ("in_review", ["0912 v1"]),
        ("scheduled", ["0913 v1"]),
        ("published", ["0914 v1"]),
    ],
)
def test_versions_are_narrowed_to_a_stage(stage, found, cast, editor):
    draft(lamps(number="0911"))
    waiting(cast, lamps(number="0912"))
    published(lamps(number="0913"), effective_from=date(2100, 1, 1))
    published(lamps(number="0914"))

    context = editor.get(LIST, {"stage": stage}).context

    assert [str(one) for one in context["cl"].result_list] == found


def test_bulletins_by_their_next_review_begin_with_the_longest_overdue(editor):
    today = timezone.localdate()
    days = {"0911": today + timedelta(days=5), "0912": today - timedelta(days=3),
            "0913": today - timedelta(days=400), "0914": None}  # fmt: skip
    for number, day in days.items():
        version = draft(lamps(number=number), origin="import")
        version.next_review = day
        version.save(update_fields=["next_review"])
        published(lamps(number=number))

    def found(**asked):
        shown = editor.get("/admin/policies/bulletin/", asked).context["cl"].result_list
        return [one.number for one in shown]

    assert found(review="all") == ["0913", "0912", "0911", "0914"]
    assert found(review="overdue") == ["0913", "0912"]
    assert found(review="soon") == ["0911"]
    assert found(review="not-stated") == ["0914"]


def test_a_bulletin_never_published_goes_by_what_one_person_says(editor):
    bulletin = draft().bulletin
    address = reverse("admin:policies_bulletin_change", args=[bulletin.pk])
    facts = {"category": "Light", "owner": "", "original_effective": "2001-02-03"}

    editor.post(address, facts | {"effective_basis": "receipt"})

    bulletin.refresh_from_db()
    assert (bulletin.effective_basis, bulletin.original_effective) == ("receipt", date(2001, 2, 3))


def test_a_bulletin_in_force_leads_to_a_proposal_for_two_people(editor):
    bulletin = published().bulletin
    address = reverse("admin:policies_bulletin_change", args=[bulletin.pk])

    shown = editor.get(address).content.decode()

    assert f'<a href="/admin/policies/basischange/add/?bulletin={bulletin.number}">' in shown
    assert 'name="effective_basis"' not in shown
