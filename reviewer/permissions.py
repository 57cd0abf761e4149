"""Roles as groups with permissions: one table, written to the database after every migration."""

from collections.abc import Iterable
from typing import Final

from django.contrib.auth.models import Group, Permission, User
from django.db import transaction

from reviewer.models import Reviewer, Role

READ_LIBRARY: Final = (
    "policies.view_bulletin",
    "policies.view_version",
    "policies.view_code",
)
READ_RECORD: Final = ("reviewer.view_request", "reviewer.view_determination")
READ_APPEALS: Final = ("reviewer.view_appeal",)
READ_RULES: Final = ("reviewer.view_rulerow", "reviewer.view_rulechange")

ROLES: Final[dict[Role, tuple[str, ...]]] = {
    Role.INTAKE_COORDINATOR: (
        *READ_LIBRARY,
        *READ_RECORD,
        "reviewer.add_receiptcorrection",
        "reviewer.add_request",
    ),
    Role.NURSE_REVIEWER: (
        *READ_LIBRARY,
        *READ_RECORD,
        *READ_APPEALS,
        "reviewer.add_receiptcorrection",
        "reviewer.add_request",
        "reviewer.review_request",
        "reviewer.approve_request",
        "reviewer.send_notice",
    ),
    Role.PHYSICIAN_REVIEWER: (
        *READ_LIBRARY,
        *READ_RECORD,
        *READ_APPEALS,
        "reviewer.add_receiptcorrection",
        "reviewer.review_request",
        "reviewer.approve_request",
        "reviewer.deny_request",
        "reviewer.decide_appeal",
        "reviewer.send_notice",
    ),
    Role.APPEALS_COORDINATOR: (
        *READ_LIBRARY,
        *READ_RECORD,
        *READ_APPEALS,
        "reviewer.add_receiptcorrection",
        "reviewer.add_appeal",
        "reviewer.assign_appeal",
        "reviewer.send_notice",
    ),
    Role.SUPERVISOR: (
        *READ_LIBRARY,
        *READ_RECORD,
        *READ_APPEALS,
        "reviewer.view_receiptcorrection",
        "reviewer.approve_receiptcorrection",
        "reviewer.add_request",
        "reviewer.assign_request",
        "reviewer.assign_appeal",
    ),
    Role.POLICY_EDITOR: (
        *READ_LIBRARY,
        "policies.add_bulletin",
        "policies.change_bulletin",
        "policies.add_version",
        "policies.change_version",
        "policies.submit_version",
        "policies.add_basischange",
        "policies.view_authorizationlist",
        "policies.add_authorizationlist",
        "policies.view_authorizationrule",
        "policies.add_authorizationrule",
        "policies.change_authorizationrule",
        "policies.add_release",
        "policies.view_synonymset",
        "policies.add_synonymset",
        "policies.change_synonymset",
        "policies.delete_synonymset",
        "policies.view_releasefinding",
        "policies.change_releasefinding",
        *READ_RULES,
        "reviewer.add_rulechange",
    ),
    Role.POLICY_APPROVER: (
        *READ_LIBRARY,
        "policies.approve_version",
        "policies.publish_version",
        "policies.view_authorizationlist",
        "policies.view_authorizationrule",
        "policies.approve_basischange",
        "policies.view_releasefinding",
        *READ_RULES,
        "reviewer.approve_rulechange",
    ),
    Role.AUDITOR: (
        *READ_LIBRARY,
        *READ_RECORD,
        *READ_APPEALS,
        "reviewer.view_event",
        "reviewer.view_receiptcorrection",
        "reviewer.view_accessentry",
    ),
    Role.ADMINISTRATOR: (
        "auth.view_user",
        "auth.add_user",
        "auth.change_user",
        "auth.view_group",
        "reviewer.view_reviewer",
        "reviewer.add_reviewer",
        "reviewer.change_reviewer",
        "reviewer.view_credential",
        "reviewer.add_credential",
        "reviewer.change_credential",
    ),
}
STAFF: Final = {Role.POLICY_EDITOR, Role.POLICY_APPROVER, Role.ADMINISTRATOR}


def permissions_named(names: Iterable[str], using: str) -> list[Permission]:
    """The permissions of `app.codename`s. Raises KeyError for a name that no model has."""
    known = {
        f"{one.content_type.app_label}.{one.codename}": one
        for one in Permission.objects.using(using).select_related("content_type")
    }
    return [known[name] for name in names]


def write_roles(using: str) -> None:
    """Create or mend the group of every role; doing it again changes nothing."""
    for role, names in ROLES.items():
        group, _ = Group.objects.using(using).get_or_create(name=role.value)
        group.permissions.set(permissions_named(names, using))


@transaction.atomic
def assign_role(*, reviewer: Reviewer, role: Role) -> None:
    """Give a person this role alone; it holds from their next request on."""
    reviewer.role = role
    reviewer.save(update_fields=["role"])
    user: User = reviewer.user
    user.groups.set([Group.objects.get(name=role.value)])
    user.is_staff = role in STAFF
    user.save(update_fields=["is_staff"])
