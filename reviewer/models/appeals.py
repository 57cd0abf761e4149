"""Appeals of determinations, and their decisions by someone who had no part in the first."""

from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AnonymousUser, User
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from policies.models import WrittenOnce
from policies.models.expressions import local_day
from reviewer.models.determinations import CLINICAL, Determination, Ground
from reviewer.models.people import Credential, Reviewer
from reviewer.models.requests import Channel, Request, Urgency

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class AppealQuerySet(models.QuerySet["Appeal"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Appeals of requests in the person's scope, for those who may see appeals."""
        if not user.has_perm("reviewer.view_appeal"):
            return self.none()
        return self.filter(request__in=Request.objects.visible_to(user))

    def open(self) -> Self:
        return self.filter(state__in=Appeal.OPEN)

    def by_time_left(self) -> Self:
        """The least time left first; where no limit is known, last."""
        return self.order_by(F("decision_due_at").asc(nulls_last=True), "id")


class Appeal(models.Model):
    """A member or provider asks that a determination be looked at again."""

    class State(models.TextChoices):
        RECEIVED = "received", "Received"
        ASSIGNED = "assigned", "Assigned"
        DECIDED = "decided", "Decided"
        WITHDRAWN = "withdrawn", "Withdrawn"

    class Initiator(models.TextChoices):
        MEMBER = "member", "Member"
        PROVIDER = "provider", "Provider"
        REPRESENTATIVE = "representative", "Representative of the member"

    OPEN = (State.RECEIVED, State.ASSIGNED)

    number = models.CharField(max_length=16, unique=True)
    regime = models.CharField(max_length=30, blank=True, help_text="Whose rules it is under.")
    stage = models.CharField(max_length=30, default="appeal_decision")
    step = models.CharField(max_length=40, default="decision")
    item_kinds = models.JSONField(default=dict, blank=True)
    plan_levels = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="How many levels of appeal the plan has."
    )
    meeting_dates = models.JSONField(
        default=list, blank=True, help_text="Of a board that decides: ISO dates."
    )
    request = models.ForeignKey(Request, models.PROTECT, related_name="appeals")
    determination = models.ForeignKey(Determination, models.PROTECT, related_name="appeals")
    level = models.PositiveSmallIntegerField(default=1)
    initiator = models.CharField(max_length=14, choices=Initiator)
    initiator_name = models.CharField(max_length=120)
    standing = models.CharField(
        max_length=200, blank=True, help_text="What lets someone other than the member appeal."
    )
    urgency = models.CharField(max_length=9, choices=Urgency)
    channel = models.CharField(max_length=10, choices=Channel)
    received_at = models.DateTimeField()
    grounds = models.TextField("what the appeal says")
    state = models.CharField(max_length=10, choices=State, default=State.RECEIVED)
    assigned_to = models.ForeignKey(
        Reviewer, models.PROTECT, null=True, blank=True, related_name="appeals"
    )
    decision_due_at = models.DateTimeField(
        null=True, help_text="Of its decision's clock; see Clock.due_at."
    )
    decision_tolled_until = models.DateTimeField(
        null=True, help_text="Until when the law stops that clock for an answer."
    )
    decision_rule = models.CharField(max_length=40, blank=True)
    decision_citation = models.CharField(max_length=160, blank=True)
    entered_by = models.ForeignKey(Reviewer, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1, help_text="Counts edits, to tell lost races.")

    objects = AppealQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at"]
        permissions = [
            ("assign_appeal", "Can assign appeals"),
            ("decide_appeal", "Can decide appeals"),
        ]
        constraints = [
            models.UniqueConstraint("id", "determination", name="an_appeal_has_one_determination"),
            models.UniqueConstraint(
                "determination", "level", name="a_determination_is_appealed_once_a_level"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("reviewer:appeal_detail", args=[self.number])


class AppealDecision(WrittenOnce):
    """The decision of an appeal, with the facts that show the decider's independence."""

    class Outcome(models.TextChoices):
        UPHELD = "upheld", "Upheld"
        OVERTURNED = "overturned", "Overturned"
        PARTLY_OVERTURNED = "partly_overturned", "Partly overturned"
        DISMISSED = "dismissed", "Dismissed"

    class RootCause(models.TextChoices):
        """Why the first determination did not stand."""

        NEW_INFORMATION = "new_information", "New information"
        CRITERION_MISAPPLIED = "criterion_misapplied", "Criterion misapplied"
        WORDING_AMBIGUOUS = "wording_ambiguous", "Wording ambiguous"
        WRONG_VERSION = "wrong_version", "Wrong version"
        CLERICAL = "clerical", "Clerical error"
        BENEFIT_ERROR = "benefit_error", "Benefit error"

    OVERTURNING = (Outcome.OVERTURNED, Outcome.PARTLY_OVERTURNED)

    determinations: "RelatedManager[Determination]"

    appeal = models.OneToOneField(Appeal, models.PROTECT, related_name="decision")
    determination = models.ForeignKey(Determination, models.PROTECT, related_name="+")
    original_signer = models.ForeignKey(Reviewer, models.PROTECT, related_name="+")
    ground = models.CharField(max_length=20, choices=Ground, blank=True)
    outcome = models.CharField(max_length=17, choices=Outcome)
    root_cause = models.CharField(max_length=20, choices=RootCause, blank=True)
    substance = models.TextField(help_text="What the appeal says, and what was looked into.")
    rationale_clinical = models.TextField()
    rationale_plain = models.TextField()
    decided_by = models.ForeignKey(Reviewer, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    decided_on = models.DateField(help_text="The day of deciding in the plan's time zone.")
    decided_zone = models.CharField(max_length=40)
    credential = models.ForeignKey(Credential, models.PROTECT, related_name="+")
    credential_kind = models.CharField(max_length=12)
    credential_from = models.DateField()
    credential_to = models.DateField()

    class Meta:
        ordering = ["appeal"]
        constraints = [
            models.UniqueConstraint("id", "decided_by", name="an_appeal_decision_has_one_decider"),
            models.CheckConstraint(
                condition=~Q(decided_by=F("original_signer")),
                name="an_appeal_is_decided_by_someone_else",
            ),
            models.CheckConstraint(
                condition=Q(
                    credential_from__lte=F("decided_on"), credential_to__gte=F("decided_on")
                ),
                name="a_decider_has_a_license_valid_that_day",
            ),
            models.CheckConstraint(
                condition=Q(outcome="dismissed")
                | ~Q(ground__in=CLINICAL)
                | Q(credential_kind="physician"),
                name="a_clinical_appeal_needs_a_physician",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["overturned", "partly_overturned"]) | ~Q(root_cause=""),
                name="an_overturned_appeal_names_its_cause",
            ),
            models.CheckConstraint(
                condition=Q(decided_on=local_day("decided_zone", "decided_at")),
                name="decided_on_is_the_day_of_deciding",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appeal}, {self.get_outcome_display().lower()}"

    @property
    def left_in_force(self) -> Determination:
        """What is decided for the line after it: its own determination, or the appealed one."""
        return self.determinations.order_by("pk").last() or self.determination


class OutsideDecision(WrittenOnce):
    """What a body outside the plan decided of an appeal before it, as the plan received it."""

    Outcome = AppealDecision.Outcome
    OVERTURNING = AppealDecision.OVERTURNING

    appeal = models.OneToOneField(Appeal, models.PROTECT, related_name="outside_decision")
    decided_by = models.CharField(
        "who decided", max_length=160, help_text="The organization, or the officer of the hearing."
    )
    reference = models.CharField(max_length=60, blank=True, help_text="Their number of the case.")
    outcome = models.CharField(max_length=17, choices=AppealDecision.Outcome)
    dated_on = models.DateField(help_text="The day that the decision bears.")
    received_at = models.DateTimeField(help_text="When the plan received it.")
    summary = models.TextField(help_text="What it says, and what it has the plan do.")
    recorded_by = models.ForeignKey(Reviewer, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["appeal"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(decided_by="") & ~Q(summary=""),
                name="an_outside_decision_says_who_and_what",
            ),
            models.CheckConstraint(
                condition=Q(recorded_at__gte=F("received_at")),
                name="an_outside_decision_is_received_before_it_is_recorded",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appeal}, {self.get_outcome_display().lower()} by {self.decided_by}"

    @property
    def is_reversal(self) -> bool:
        return self.outcome in self.OVERTURNING
