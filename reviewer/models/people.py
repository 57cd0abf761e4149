"""Who works here: a reviewer's role, superior, scope and credentials."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from policies.models import LineOfBusiness

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class Role(models.TextChoices):
    """What a person does here; `reviewer/permissions.py` says what each may do."""

    INTAKE_COORDINATOR = "intake_coordinator", "intake coordinator"
    NURSE_REVIEWER = "nurse_reviewer", "nurse reviewer"
    PHYSICIAN_REVIEWER = "physician_reviewer", "physician reviewer"
    APPEALS_COORDINATOR = "appeals_coordinator", "appeals coordinator"
    SUPERVISOR = "supervisor", "supervisor"
    POLICY_EDITOR = "policy_editor", "policy editor"
    POLICY_APPROVER = "policy_approver", "policy approver"
    AUDITOR = "auditor", "auditor"
    ADMINISTRATOR = "administrator", "administrator"  # has no member data


class Reviewer(models.Model):
    """A person's place in the house, beside the account that signs in."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviewer")
    role = models.CharField(max_length=20, choices=Role)
    reports_to = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="reports"
    )
    lines_of_business = ArrayField(
        models.CharField(max_length=30, choices=LineOfBusiness),
        default=list,
        blank=True,
        help_text="The scope: requests of these lines may be seen. None named: none.",
    )

    credentials: "RelatedManager[Credential]"

    class Meta:
        ordering = ["user__last_name", "user__first_name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reports_to__isnull=True) | ~Q(reports_to=F("id")),
                name="nobody_reports_to_themselves",
            ),
        ]

    def __str__(self) -> str:
        return self.user.get_full_name() or self.user.get_username()

    def credential(self, on: date) -> "Credential | None":
        """The license that is valid on the day; a physician's before any other."""
        return Credential.objects.valid(on).filter(reviewer=self).first()


class CredentialQuerySet(models.QuerySet["Credential"]):
    def valid(self, on: date) -> Self:
        """Licenses that are valid on the day and not revoked by then."""
        not_revoked = Q(revoked_on__isnull=True) | Q(revoked_on__gt=on)
        return self.filter(not_revoked, valid_from__lte=on, valid_to__gte=on)


class Credential(models.Model):
    """A license, valid on both its days. A renewal is a new row: a decision signed under this one
    points at its kind and days, which the database therefore keeps as they were."""

    class Kind(models.TextChoices):
        PHYSICIAN = "physician", "Physician"
        NURSE = "nurse", "Nurse"
        PHARMACIST = "pharmacist", "Pharmacist"
        THERAPIST = "therapist", "Therapist"

    reviewer = models.ForeignKey(Reviewer, models.PROTECT, related_name="credentials")
    kind = models.CharField(max_length=12, choices=Kind)
    title = models.CharField(max_length=20, help_text="As signed: “MD”, “RN”.")
    specialty = models.CharField(max_length=80, blank=True)
    license_number = models.CharField(max_length=40)
    state = models.CharField(max_length=2)
    valid_from = models.DateField()
    valid_to = models.DateField()
    revoked_on = models.DateField(null=True, blank=True)

    objects = CredentialQuerySet.as_manager()

    class Meta:
        ordering = [models.Case(models.When(kind="physician", then=0), default=1), "-valid_to"]
        constraints = [
            models.UniqueConstraint(
                "id", "reviewer", "kind", "valid_from", "valid_to", name="a_credential_is_one_thing"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")), name="a_license_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.state} {self.license_number}"

    def is_valid(self, on: date) -> bool:
        """As `CredentialQuerySet.valid`, of one that is at hand."""
        is_revoked = self.revoked_on is not None and self.revoked_on <= on
        return self.valid_from <= on <= self.valid_to and not is_revoked
