"""The administrators' pages: people and licenses, and no member data whatever."""

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db import DatabaseError, ProgrammingError, transaction
from django.urls import reverse

from policies.models import LineOfBusiness
from reviewer.models import Reviewer, Role

pytestmark = pytest.mark.django_db
PEOPLE = "/admin/auth/user/"
LICENSES = "/admin/reviewer/credential/"
PASSWORDS = {
    "usable_password": "true",
    "password1": "harbor-quiet-9",
    "password2": "harbor-quiet-9",
}
INLINE = {
    "reviewer-TOTAL_FORMS": "1",
    "reviewer-INITIAL_FORMS": "0",
    "reviewer-MIN_NUM_FORMS": "0",
    "reviewer-MAX_NUM_FORMS": "1",
}


def text(response):
    assert response.status_code == 200
    return response.content.decode()


def test_no_table_with_member_data_is_registered():
    ours = {model.__name__ for model in admin.site._registry if model._meta.app_label == "reviewer"}

    assert ours == {"Credential", "RuleChange", "RuleRow"}


@pytest.mark.parametrize("address", [PEOPLE, LICENSES])
def test_administrators_come_in_and_nobody_else(cast, client, address):
    for person in cast.everyone():
        client.force_login(person.user)
        expected = {200} if person == cast.administrator else {302, 403}
        assert client.get(address).status_code in expected, person


def test_a_new_person_gets_the_rights_of_their_role(cast, sign_in):
    response = sign_in(cast.administrator).post(
        f"{PEOPLE}add/",
        {
            "username": "nnew",
            **PASSWORDS,
            "first_name": "Nell",
            "last_name": "New",
            **INLINE,
            "reviewer-0-role": Role.NURSE_REVIEWER,
            "reviewer-0-lines_of_business": [LineOfBusiness.MEDICAID],
        },
    )

    assert response.status_code == 302
    user = User.objects.get(username="nnew")
    assert user.has_perm("reviewer.approve_request")
    assert not user.has_perm("reviewer.deny_request")
    assert user.reviewer.lines_of_business == [LineOfBusiness.MEDICAID]


def change(cast, client, person, **typed):
    return client.post(
        reverse("admin:auth_user_change", args=[person.user.pk]),
        {
            "username": person.user.username,
            "first_name": person.user.first_name,
            "last_name": person.user.last_name,
            "is_active": "on",
            **INLINE,
            "reviewer-INITIAL_FORMS": "1",
            "reviewer-0-id": str(person.pk),
            "reviewer-0-user": str(person.user.pk),
            "reviewer-0-role": person.role,
            "reviewer-0-lines_of_business": person.lines_of_business,
            **typed,
        },
    )


def test_a_change_of_role_takes_the_old_rights_away(cast, sign_in):
    client = sign_in(cast.administrator)

    change(cast, client, cast.physician, **{"reviewer-0-role": Role.AUDITOR})

    user = User.objects.get(pk=cast.physician.user.pk)
    assert not user.has_perm("reviewer.deny_request")
    assert user.has_perm("reviewer.view_accessentry")


def test_nobody_makes_anybody_a_superuser(cast, sign_in):
    change(
        cast,
        sign_in(cast.administrator),
        cast.nurse,
        is_superuser="on",
        is_staff="on",
        user_permissions=["1"],
        groups=["1"],
    )

    user = User.objects.get(pk=cast.nurse.user.pk)
    assert not user.is_superuser
    assert not user.is_staff
    assert [group.name for group in user.groups.all()] == [Role.NURSE_REVIEWER]


def test_an_administrator_does_not_change_their_own_place(cast, sign_in):
    change(
        cast,
        sign_in(cast.administrator),
        cast.administrator,
        **{"reviewer-0-role": Role.PHYSICIAN_REVIEWER},
    )

    assert Reviewer.objects.get(pk=cast.administrator.pk).role == Role.ADMINISTRATOR


def password_address(person):
    return reverse("admin:auth_user_password_change", args=[person.user.pk])


def test_a_password_set_for_another_is_in_the_history_for_ever(cast, sign_in):
    sign_in(cast.administrator).post(password_address(cast.nurse), PASSWORDS)

    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id) == (cast.administrator.user, str(cast.nurse.user.pk))
    assert entry.get_change_message() == "Changed password."
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        entry.delete()
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        LogEntry.objects.update(user=cast.nurse.user)


def test_without_its_line_in_the_history_no_password_is_set(cast, sign_in, monkeypatch):
    def fail(*arguments):
        raise DatabaseError("no log")

    monkeypatch.setattr("reviewer.admin.people.PersonAdmin.log_change", fail)

    with pytest.raises(DatabaseError):
        sign_in(cast.administrator).post(password_address(cast.nurse), PASSWORDS)

    assert not User.objects.get(pk=cast.nurse.user.pk).has_usable_password()


def test_ones_own_password_is_changed_where_the_old_one_is_asked_for(cast, sign_in):
    address = password_address(cast.administrator)

    response = sign_in(cast.administrator).post(address, PASSWORDS)

    assert response.headers["Location"] == reverse("account_change_password")
    assert not User.objects.get(pk=cast.administrator.user.pk).has_usable_password()


def test_an_account_keeps_its_name(cast, sign_in):
    change(
        cast, sign_in(cast.administrator), cast.nurse, username="somebody", last_name="Okafor-Li"
    )

    user = User.objects.get(pk=cast.nurse.user.pk)
    assert (user.username, user.last_name) == ("rokafor", "Okafor-Li")


def test_nobody_stands_above_themselves(cast, sign_in):
    page = text(
        change(
            cast,
            sign_in(cast.administrator),
            cast.physician,
            **{"reviewer-0-reports_to": str(cast.subordinate.pk)},
        )
    )

    assert "Nobody stands above themselves" in page


def test_a_license_once_entered_is_only_revoked(cast, sign_in):
    license = cast.physician.credentials.get()
    address = reverse("admin:reviewer_credential_change", args=[license.pk])

    sign_in(cast.administrator).post(
        address, {"valid_to": "2300-01-01", "kind": "nurse", "revoked_on": "2026-01-31"}
    )

    license.refresh_from_db()
    assert (license.kind, str(license.valid_to)) == ("physician", "2199-12-31")
    assert str(license.revoked_on) == "2026-01-31"


@pytest.mark.parametrize("address", [PEOPLE, LICENSES])
def test_nothing_is_deleted_here(cast, sign_in, address):
    assert "delete_selected" not in text(sign_in(cast.administrator).get(address))
