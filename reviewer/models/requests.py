"""A request for authorization: for whom, by whom, for what, and in which state it is."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AnonymousUser, User
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from policies.models import CodeSpan, LineOfBusiness, System, Version
from reviewer.models.people import Reviewer

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from reviewer.models.events import Event


class Member(models.Model):
    """A person who is covered."""

    number = models.CharField("member number", max_length=30, unique=True)
    given_name = models.CharField(max_length=80)
    family_name = models.CharField(max_length=80)
    born_on = models.DateField()

    coverages: "RelatedManager[Coverage]"

    class Meta:
        ordering = ["family_name", "given_name"]

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}"


class Coverage(models.Model):
    """A member's cover under one line of business, both days included."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="coverages")
    line_of_business = models.CharField(max_length=30, choices=LineOfBusiness)
    plan = models.CharField(max_length=120)
    jurisdiction = models.CharField(max_length=2, help_text="The state, by its two letters.")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["member", "-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="a_coverage_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_line_of_business_display()}, {self.plan}"

    def is_in_force(self, on: date) -> bool:
        return self.starts_on <= on and (self.ends_on is None or on <= self.ends_on)


class Provider(models.Model):
    """Who asks for a service or gives it; the NPI's check digit is tested in forms."""

    npi = models.CharField(
        "NPI", max_length=10, unique=True, validators=[RegexValidator(r"^\d{10}$")]
    )
    name = models.CharField(max_length=160)
    specialty = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ReviewType(models.TextChoices):
    """When the service is, seen from the request (45 CFR 162.1302 and X12 278 use the same)."""

    PROSPECTIVE = "prospective", "Prospective"
    CONCURRENT = "concurrent", "Concurrent"
    RETROSPECTIVE = "retrospective", "Retrospective"


class Urgency(models.TextChoices):
    STANDARD = "standard", "Standard"
    EXPEDITED = "expedited", "Expedited"


class Channel(models.TextChoices):
    PORTAL = "portal", "Portal"
    FAX = "fax", "Fax"
    PHONE = "phone", "Phone"
    MAIL = "mail", "Mail"
    ELECTRONIC = "electronic", "Electronic (X12 278)"


class RequestQuerySet(models.QuerySet["Request"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Requests in the person's scope: the right to see requests, and the line of business."""
        if not user.is_authenticated or not user.has_perm("reviewer.view_request"):
            return self.none()
        reviewer = getattr(user, "reviewer", None)
        return self.filter(line_of_business__in=reviewer.lines_of_business if reviewer else [])

    def open(self) -> Self:
        """Requests that still want a decision."""
        return self.filter(state__in=Request.OPEN)

    def to_tell_of(self) -> Self:
        """Requests of which something may still be to tell. A request is notified with the last
        letter, and whatever is signed later makes it determined again."""
        return self.filter(state__in=[*Request.OPEN, Request.State.DETERMINED])

    def unassigned(self) -> Self:
        return self.filter(assigned_to__isnull=True)

    def overdue(self, at: datetime) -> Self:
        """Open requests whose decision was due before the moment."""
        return self.open().filter(decision_due_at__lt=at)

    def asking_for(self, code: str) -> Self:
        """Requests with a line for the code, written as it is stored."""
        return self.filter(pk__in=ServiceLine.objects.filter(code=code).values("request"))

    def named_by(self, number: str) -> Self:
        """Requests with a line whose code stands in a published version of the bulletin."""
        spans = CodeSpan.objects.filter(
            version__bulletin__number=number,
            version__status=Version.Status.PUBLISHED,
            system=OuterRef("system"),
            lower__lte=OuterRef("code"),
            upper__gte=OuterRef("code"),
        )
        return self.filter(pk__in=ServiceLine.objects.filter(Exists(spans)).values("request"))

    def by_time_left(self) -> Self:
        """The least time left first; where no limit is known, last."""
        return self.order_by(F("decision_due_at").asc(nulls_last=True), "id")


# The states of open requests, by which the queries and the indexes find them.
_OPEN = ["received", "incomplete", "in_review", "referred", "reopened"]


class Request(models.Model):
    """A request for authorization of one or more service lines."""

    class State(models.TextChoices):
        RECEIVED = "received", "Received"  # nobody has started
        INCOMPLETE = "incomplete", "Incomplete: information requested"
        IN_REVIEW = "in_review", "In clinical review"
        REFERRED = "referred", "Referred to physician"
        DETERMINED = "determined", "Determined"  # every line has a determination
        NOTIFIED = "notified", "Notified"  # member and provider were told
        CLOSED = "closed", "Closed"
        WITHDRAWN = "withdrawn", "Withdrawn"
        DISMISSED = "dismissed", "Dismissed"
        NO_AUTHORIZATION_REQUIRED = "no_authorization_required", "No authorization required"
        REOPENED = "reopened", "Reopened"

    OPEN = tuple(map(State, _OPEN))

    number = models.CharField(max_length=16, unique=True)
    member = models.ForeignKey(Member, models.PROTECT, related_name="requests")
    coverage = models.ForeignKey(Coverage, models.PROTECT, related_name="+")
    line_of_business = models.CharField(max_length=30, choices=LineOfBusiness)
    jurisdiction = models.CharField(max_length=2)
    requesting_provider = models.ForeignKey(Provider, models.PROTECT, related_name="+")
    ordering_provider = models.ForeignKey(
        Provider, models.PROTECT, null=True, blank=True, related_name="+"
    )
    servicing_provider = models.ForeignKey(Provider, models.PROTECT, related_name="+")
    review_type = models.CharField(max_length=13, choices=ReviewType)
    urgency = models.CharField(max_length=9, choices=Urgency)
    urgency_attested_by = models.CharField(max_length=120, blank=True)
    channel = models.CharField(max_length=10, choices=Channel)
    received_at = models.DateTimeField()
    item_kinds = models.JSONField(
        default=dict,
        blank=True,
        help_text="What kind of item each regime's rules take it for: {regime: item_kind}.",
    )
    course_ends_at = models.DateTimeField(
        "approved course ends", null=True, blank=True, help_text="For a course that goes on."
    )
    rating_period_start = models.DateField(
        null=True, blank=True, help_text="Medicaid: the start of the contract's rating period."
    )
    summary = models.TextField("clinical summary", blank=True)
    state = models.CharField(max_length=30, choices=State, default=State.RECEIVED)
    specialty = models.CharField(
        max_length=80, blank=True, help_text="The expertise that its referral asks for."
    )
    assigned_to = models.ForeignKey(
        Reviewer, models.PROTECT, null=True, blank=True, related_name="requests"
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

    objects = RequestQuerySet.as_manager()
    lines: "RelatedManager[ServiceLine]"
    diagnoses: "RelatedManager[Diagnosis]"
    events: "RelatedManager[Event]"
    seen_event: int | None = None  # the last that a page knew whose form is carried out

    class Meta:
        ordering = ["-received_at"]
        permissions = [
            ("review_request", "Can take, review and refer requests"),
            ("approve_request", "Can approve lines of a request"),
            ("deny_request", "Can sign adverse determinations"),
            ("assign_request", "Can assign requests to others"),
            ("send_notice", "Can record notices as sent"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(urgency="standard") | ~Q(urgency_attested_by=""),
                name="an_expedited_request_says_who_attested_it",
            ),
        ]
        indexes = [
            models.Index(
                F("decision_due_at").asc(nulls_last=True),
                "id",
                name="open_by_time_left",
                condition=Q(state__in=_OPEN),
            ),
            models.Index(
                "assigned_to",
                F("decision_due_at").asc(nulls_last=True),
                "id",
                name="open_of_a_person_by_time_left",
                condition=Q(state__in=_OPEN),
            ),
            models.Index(
                "state",
                F("decision_due_at").asc(nulls_last=True),
                "id",
                name="open_by_state_and_time_left",
                condition=Q(state__in=_OPEN),
            ),
            models.Index(
                "state",
                F("decision_due_at").asc(nulls_last=True),
                "id",
                name="untaken_by_state_and_time_left",
                condition=Q(state__in=_OPEN, assigned_to__isnull=True),
            ),
            models.Index(
                "line_of_business",
                include=[
                    "id",
                    "assigned_to",
                    "state",
                    "decision_due_at",
                    "decision_tolled_until",
                    "received_at",
                ],
                name="open_as_the_board_counts_them",
                condition=Q(state__in=_OPEN),
            ),
            models.Index(
                "line_of_business",
                "id",
                name="what_may_be_to_tell",
                condition=Q(state__in=[*_OPEN, "determined"]),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("reviewer:request_detail", args=[self.number])

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN


class Diagnosis(models.Model):
    """A diagnosis of the request, in ICD-10-CM."""

    request = models.ForeignKey(Request, models.PROTECT, related_name="diagnoses")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=10)

    class Meta:
        verbose_name_plural = "diagnoses"
        ordering = ["request", "position"]
        constraints = [
            models.UniqueConstraint("request", "position", name="diagnoses_stand_in_order"),
        ]

    def __str__(self) -> str:
        return self.code


class ServiceLine(models.Model):
    """One service that is asked for; it gets a determination of its own."""

    request = models.ForeignKey(Request, models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    system = models.CharField(max_length=12, choices=System)
    code = models.CharField(max_length=10)
    modifiers = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    units = models.PositiveIntegerField()
    frequency = models.CharField(
        max_length=60, blank=True, help_text="As it was asked for: “2 a week for 6 weeks”."
    )
    place_of_service = models.CharField(
        max_length=2,
        blank=True,
        validators=[RegexValidator(r"^\d{2}$")],
        help_text="The two digits of CMS's Place of Service code set.",
    )
    starts_on = models.DateField("first day of service")
    ends_on = models.DateField("last day of service")
    diagnoses = models.ManyToManyField(Diagnosis, related_name="lines")

    class Meta:
        ordering = ["request", "position"]
        constraints = [
            models.UniqueConstraint("request", "position", name="lines_stand_in_order"),
            models.UniqueConstraint("id", "request", name="a_line_has_one_request"),
            models.CheckConstraint(condition=Q(units__gt=0), name="a_line_asks_for_units"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="a_line_ends_after_it_starts"
            ),
        ]
        indexes = [models.Index("code", "request", name="lines_by_code")]

    def __str__(self) -> str:
        return f"Line {self.position}: {self.code}"
