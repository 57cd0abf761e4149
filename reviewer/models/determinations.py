"""What was decided for a line, by whom, under which license and by which words of which version.

A determination is inserted and never changed. A correction or an overturned appeal is a new one
that points at the one it replaces; which one is active is a pointer, moved by compare-and-swap in
a trigger. The gates are constraints: see also `migrations/0002_gates.py`.
"""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from policies.models import Passage, StanceType, Version, WrittenOnce
from policies.models.expressions import hex_sha256, local_day
from reviewer.models.people import Credential, Reviewer
from reviewer.models.requests import Request, ServiceLine

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class Outcome(models.TextChoices):
    """What became of a line; `ACTION_CODES` gives X12's certification action code (306)."""

    APPROVED = "approved", "Approved"
    PARTIALLY_APPROVED = "partially_approved", "Partially approved"
    MODIFIED = "modified", "Modified"
    DENIED = "denied", "Denied"
    WITHDRAWN = "withdrawn", "Withdrawn"
    DISMISSED = "dismissed", "Dismissed"


ADVERSE = (Outcome.PARTIALLY_APPROVED, Outcome.MODIFIED, Outcome.DENIED)
GRANTING = (Outcome.APPROVED, Outcome.PARTIALLY_APPROVED, Outcome.MODIFIED)
UNSIGNED = (Outcome.WITHDRAWN, Outcome.DISMISSED)  # no license is needed for these
ACTION_CODES = {
    Outcome.APPROVED: "A1",
    Outcome.PARTIALLY_APPROVED: "A2",
    Outcome.MODIFIED: "A6",
    Outcome.DENIED: "A3",
    Outcome.WITHDRAWN: "C",
    Outcome.DISMISSED: "NA",
}

Ground = StanceType
# On these grounds an adverse determination is a physician's.
CLINICAL = (Ground.MEDICAL_NECESSITY, Ground.EXPERIMENTAL, Ground.COSMETIC)


class ReasonCode(models.Model):
    """The kept list of reasons; none of them is “other” without words."""

    code = models.CharField(max_length=8, unique=True)
    words = models.CharField(max_length=200)
    ground = models.CharField(max_length=20, choices=Ground, blank=True)
    is_adverse = models.BooleanField()
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.words}"


class Determination(WrittenOnce):
    """The decision on one line. `capsule` is everything it was based on, as canonical JSON."""

    request = models.ForeignKey(Request, models.PROTECT, related_name="determinations")
    line = models.ForeignKey(ServiceLine, models.PROTECT, related_name="determinations")
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="replaced_by", help_text="Empty: the first."
    )
    replacement_reason = models.TextField(blank=True)
    appeal_decision = models.ForeignKey(
        "reviewer.AppealDecision", models.PROTECT, null=True, related_name="determinations"
    )
    outcome = models.CharField(max_length=18, choices=Outcome)
    ground = models.CharField(max_length=20, choices=Ground, blank=True)
    reason = models.ForeignKey(ReasonCode, models.PROTECT, related_name="+")
    reason_text = models.TextField(blank=True)
    rationale_clinical = models.TextField()
    rationale_plain = models.TextField()
    units_granted = models.PositiveIntegerField(default=0)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    authorization_number = models.CharField(max_length=20, blank=True)
    version = models.ForeignKey(Version, models.PROTECT, null=True, related_name="+")
    version_hash = models.CharField(max_length=64, blank=True)
    version_reason = models.TextField(help_text="The sentence that says why this version governs.")
    no_bulletin_reason = models.TextField(blank=True)
    criteria_review = models.ForeignKey(
        "reviewer.CriteriaReview", models.PROTECT, null=True, related_name="determinations"
    )
    variance_reason = models.TextField(
        blank=True, help_text="Why it is approved although the criteria are not met."
    )
    capsule = models.TextField()
    capsule_hash = models.CharField("SHA-256 of the capsule", max_length=64)
    signed_by = models.ForeignKey(Reviewer, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    signed_on = models.DateField(help_text="The day of signing in the plan's time zone.")
    signed_zone = models.CharField(max_length=40)
    credential = models.ForeignKey(Credential, models.PROTECT, null=True, related_name="+")
    credential_kind = models.CharField(max_length=12, null=True)  # noqa: DJ001 (part of a foreign key)
    credential_from = models.DateField(null=True)
    credential_to = models.DateField(null=True)

    citations: "RelatedManager[Citation]"

    class Meta:
        ordering = ["line", "id"]
        indexes = [
            models.Index(
                "signed_at",
                include=["request"],
                name="first_decisions_by_time",
                condition=Q(replaces__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint("id", "line", name="a_determination_has_one_line"),
            models.UniqueConstraint(
                "id", "signed_by", "ground", name="a_determination_has_one_signer"
            ),
            models.UniqueConstraint(
                "line",
                condition=Q(replaces__isnull=True),
                name="a_line_has_one_first_determination",
            ),
            models.UniqueConstraint(
                "authorization_number",
                condition=~Q(authorization_number=""),
                name="an_authorization_number_is_given_once",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=UNSIGNED)
                | Q(
                    credential__isnull=False,
                    credential_kind__isnull=False,
                    credential_from__isnull=False,
                    credential_to__isnull=False,
                    credential_from__lte=F("signed_on"),
                    credential_to__gte=F("signed_on"),
                ),
                name="a_signer_has_a_license_valid_that_day",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=ADVERSE)
                | ~Q(ground__in=CLINICAL)
                | Q(credential_kind__isnull=False, credential_kind="physician"),
                name="medical_necessity_denial_needs_a_physician",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=ADVERSE) | ~Q(ground=""),
                name="an_adverse_determination_names_its_ground",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=GRANTING)
                | Q(
                    ~Q(authorization_number=""),
                    units_granted__gt=0,
                    starts_on__isnull=False,
                    ends_on__isnull=False,
                    ends_on__gte=F("starts_on"),
                ),
                name="an_approval_says_how_much_and_when",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=GRANTING) | Q(units_granted=0, authorization_number=""),
                name="a_denial_grants_nothing",
            ),
            models.CheckConstraint(
                condition=Q(~Q(version_hash=""), ~Q(version_reason=""), version__isnull=False)
                | Q(~Q(no_bulletin_reason=""), version__isnull=True, version_hash=""),
                name="a_determination_pins_its_version",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(replacement_reason=""),
                name="a_replacement_says_why",
            ),
            models.CheckConstraint(
                condition=Q(signed_on=local_day("signed_zone", "signed_at")),
                name="signed_on_is_the_day_of_signing",
            ),
            models.CheckConstraint(
                condition=Q(capsule_hash=hex_sha256("capsule")),
                name="a_capsule_is_what_its_hash_says",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line}, {self.get_outcome_display().lower()}"

    def get_absolute_url(self) -> str:
        return reverse("reviewer:determination_detail", args=[self.request.number, self.pk])

    @property
    def is_adverse(self) -> bool:
        return self.outcome in ADVERSE

    @property
    def action_code(self) -> str:
        """X12 306, certification action code."""
        return ACTION_CODES[Outcome(self.outcome)]


class Citation(WrittenOnce):
    """A passage that a determination relies on, quoted as it stood."""

    determination = models.ForeignKey(Determination, models.PROTECT, related_name="citations")
    passage = models.ForeignKey(Passage, models.PROTECT, related_name="+")
    anchor = models.CharField(max_length=120)
    heading = models.TextField()
    quote = models.TextField()

    class Meta:
        ordering = ["determination", "id"]
        constraints = [
            models.UniqueConstraint("determination", "passage", name="a_passage_is_cited_once"),
        ]

    def __str__(self) -> str:
        return f"{self.anchor}: {self.quote[:60]}"


class ActiveDetermination(models.Model):
    """The pointer to the determination of a line that holds now. A trigger lets it move only from
    a determination to the one that replaces it."""

    line = models.OneToOneField(
        ServiceLine, models.PROTECT, primary_key=True, related_name="active"
    )
    determination = models.OneToOneField(Determination, models.PROTECT, related_name="active_for")

    def __str__(self) -> str:
        return str(self.determination)
