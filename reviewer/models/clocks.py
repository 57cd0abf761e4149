"""The facts that limits are computed from, and the limits as a projection of them.

`ClockEvent` is evidence: what happened, when, and who says so, in the words of `reviewer/clocks`.
`Clock` keeps the answer of the engine for one duty, so that lists can be ordered by it; recomputing
it from the events and the rules gives the same, and nobody writes a due time by hand.
"""

from datetime import datetime
from typing import Self

from django.contrib.auth.models import AnonymousUser, User
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse

from policies.models import WrittenOnce
from reviewer.clocks import Step, StepKind
from reviewer.models.appeals import Appeal
from reviewer.models.determinations import Determination
from reviewer.models.events import Event
from reviewer.models.people import Reviewer
from reviewer.models.requests import Request
from reviewer.models.rules import RuleRow


class ReceiptCorrectionQuerySet(models.QuerySet["ReceiptCorrection"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of requests in the person's scope; of appeals for who sees appeals."""
        found = self.filter(event__request__in=Request.objects.visible_to(user))
        return found if user.has_perm("reviewer.view_appeal") else found.filter(event__appeal=None)

    def about(self, of: Request | Appeal) -> Self:
        """Those of a request itself, or of one of its appeals."""
        if isinstance(of, Appeal):
            return self.filter(event__appeal=of)
        return self.filter(event__request=of, event__appeal=None)

    def waiting(self) -> Self:
        """Those that nobody has decided, the oldest first."""
        return self.filter(decided_at=None).order_by("proposed_at", "pk")

    def between(self, start: datetime, end: datetime) -> Self:
        """Those that were proposed or decided in the period; `end` is no longer in it."""
        proposed = Q(proposed_at__gte=start, proposed_at__lt=end)
        return self.filter(proposed | Q(decided_at__gte=start, decided_at__lt=end))

    def with_people(self) -> Self:
        """With the fact, its case, and who had a part."""
        return self.select_related(
            "event__request__member",
            "event__request__coverage",
            "event__appeal",
            "proposed_by__user",
            "decided_by__user",
        )


class ReceiptCorrection(models.Model):
    """Another time at which something happened, said by one person and confirmed by another."""

    event = models.ForeignKey(
        "reviewer.ClockEvent", models.PROTECT, related_name="corrections_asked"
    )
    at = models.DateTimeField("the time it should be")
    reason = models.TextField()
    evidence = models.TextField(help_text="What shows it: the fax header, the portal's log.")
    proposed_by = models.ForeignKey(Reviewer, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(Reviewer, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    is_approved = models.BooleanField(null=True, help_text="Empty: not decided yet.")

    objects = ReceiptCorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at"]
        permissions = [
            ("approve_receiptcorrection", "Can approve a correction of a time by someone else"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None, decided_at=None, is_approved=None)
                | Q(decided_by__isnull=False, decided_at__isnull=False, is_approved__isnull=False),
                name="a_decision_on_a_correction_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(is_approved=True) | ~Q(decided_by=F("proposed_by")),
                name="nobody_approves_an_own_correction",
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(evidence=""), name="a_correction_has_its_evidence"
            ),
            models.UniqueConstraint(
                "event", condition=Q(decided_at=None), name="one_open_correction_of_an_event"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event}, corrected"


class ClockEventQuerySet(models.QuerySet["ClockEvent"]):
    def standing(self) -> Self:
        """What is held true now: rows that no later row corrects."""
        return self.filter(corrected_by=None)


class ClockEvent(WrittenOnce):
    """A fact that a limit depends on. `type` and `facts` are of `reviewer.clocks.Event`.

    A correction is a new row that points at the one it corrects, with the approved proposal.
    """

    request = models.ForeignKey(Request, models.PROTECT, related_name="clock_events")
    appeal = models.ForeignKey(Appeal, models.PROTECT, null=True, related_name="clock_events")
    determination = models.ForeignKey(
        Determination, models.PROTECT, null=True, related_name="clock_events"
    )
    type = models.CharField(max_length=40)
    at = models.DateTimeField()
    has_time = models.BooleanField(
        default=True, help_text="Without: only the day is known, in the zone of the case."
    )
    facts = models.JSONField(default=dict, help_text="ground, respond_by, needs_information …")
    recipient = models.CharField(max_length=8, blank=True, help_text="Who was told: Notice's word.")
    milestone = models.ForeignKey(Event, models.PROTECT, null=True, related_name="+")
    corrects = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        related_name="corrected_by",
        help_text="Empty: none.",
    )
    correction = models.OneToOneField(
        ReceiptCorrection, models.PROTECT, null=True, related_name="made"
    )
    recorded_by = models.ForeignKey(
        Reviewer, models.PROTECT, null=True, related_name="+", help_text="Empty: system."
    )
    recorded_at = models.DateTimeField(db_default=Now())

    objects = ClockEventQuerySet.as_manager()

    class Meta:
        ordering = ["request", "at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(corrects=None, correction=None)
                | Q(corrects__isnull=False, correction__isnull=False),
                name="a_corrected_time_rests_on_two_people",
            ),
        ]
        indexes = [models.Index("type", "at", name="clock_events_by_type")]

    def __str__(self) -> str:
        return f"{self.type} {self.at:%Y-%m-%d %H:%M}"


class ClockQuerySet(models.QuerySet["Clock"]):
    def going(self) -> Self:
        """Clocks whose duty is still to be done, also the tolled ones."""
        return self.filter(stopped_at=None, ended="")

    def about(self, of: Request | Appeal) -> Self:
        """Those of a request itself, or of one of its appeals."""
        if isinstance(of, Appeal):
            return self.filter(request=of.request_id, appeal=of)
        return self.filter(request=of, appeal=None)

    def overdue(self, at: datetime) -> Self:
        """Duties that were due before the moment: a question, never a stored answer."""
        return self.going().filter(due_at__lt=at)


class Clock(models.Model):
    """One duty of a request or an appeal with its limit, as the engine computed it last.

    `duty` is a row of the duties table. A clock is stopped by the event that fulfils it, or ended
    because there is nothing left to do; both name their evidence. What is kept depends on facts
    and rules, never on the hour: a clock that the law stops has its `tolled_until` and also the
    `due_at` that it gets when no answer comes, so nothing has to run when that moment passes.
    """

    class End(models.TextChoices):
        """Why a duty fell away without being done."""

        WITHDRAWN = "withdrawn", "Withdrawn"
        DISMISSED = "dismissed", "Dismissed"
        NOT_REQUIRED = "not_required", "No authorization required"
        REPLACED = "replaced", "Replaced by another determination"
        OVERTAKEN = "overtaken", "The request came to its end"

    request = models.ForeignKey(Request, models.PROTECT, related_name="clocks")
    appeal = models.ForeignKey(Appeal, models.PROTECT, null=True, related_name="clocks")
    determination = models.ForeignKey(
        Determination, models.PROTECT, null=True, related_name="clocks"
    )
    duty = models.CharField(max_length=40, help_text="Its row in the duties table.")
    label = models.CharField(max_length=120, help_text="“Decision”, “Notice to the member”.")
    recipient = models.CharField(max_length=8, blank=True)
    started_by = models.ForeignKey(ClockEvent, models.PROTECT, related_name="+")
    scope = models.JSONField(help_text="What the rule was selected by: reviewer.clocks.Scope.")
    others = models.JSONField(default=list, help_text="Other regimes: [{rule_id, role}].")
    zone = models.CharField(max_length=40)
    rule_id = models.CharField(max_length=40, help_text="The selected row.")
    applied_rule_id = models.CharField(max_length=40, help_text="The row that set the limit.")
    rule_row = models.ForeignKey(
        RuleRow, models.PROTECT, related_name="+", help_text="The applied row's version."
    )
    book_version = models.CharField(max_length=12)
    citation = models.CharField(max_length=160)
    due_at = models.DateTimeField(
        null=True, help_text="The limit, if nothing more arrives. Ask `due` for how it stands."
    )
    legal_max_at = models.DateTimeField(null=True)
    accept_through = models.DateTimeField(null=True)
    tolled_until = models.DateTimeField(
        null=True, help_text="Until when the law stops the clock for an answer that has not come."
    )
    target_at = models.DateTimeField(null=True)
    alarm_at = models.DateTimeField(null=True)
    answer = models.JSONField(help_text="The engine's answer with its derivation.")
    computed_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    stopped_by = models.ForeignKey(ClockEvent, models.PROTECT, null=True, related_name="+")
    ended = models.CharField(max_length=12, choices=End, blank=True)
    ended_by = models.ForeignKey(Event, models.PROTECT, null=True, related_name="+")

    objects = ClockQuerySet.as_manager()

    class Meta:
        ordering = ["request", "id"]
        constraints = [
            models.UniqueConstraint(
                "request",
                "appeal",
                "determination",
                "duty",
                "recipient",
                "started_by",
                nulls_distinct=False,
                name="a_duty_has_one_clock",
            ),
            models.CheckConstraint(
                condition=Q(stopped_at=None, stopped_by=None)
                | Q(stopped_at__isnull=False, stopped_by__isnull=False),
                name="a_clock_stops_with_its_evidence",
            ),
            models.CheckConstraint(
                condition=Q(ended="", ended_by=None) | (~Q(ended="") & Q(ended_by__isnull=False)),
                name="a_clock_ends_with_its_evidence",
            ),
            models.CheckConstraint(
                condition=Q(due_at__isnull=False) | Q(tolled_until__isnull=False),
                name="a_clock_has_a_limit_or_is_stopped_by_law",
            ),
        ]
        indexes = [
            models.Index(
                "due_at", "id", name="going_by_time_left", condition=Q(stopped_at=None, ended="")
            ),
            models.Index(
                "due_at",
                "id",
                name="going_of_determinations",
                condition=Q(stopped_at=None, ended="", determination__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label}, {self.rule_id}"

    def get_absolute_url(self) -> str:
        return reverse("reviewer:clock_detail", args=[self.request.number, self.pk])

    @property
    def is_going(self) -> bool:
        return self.stopped_at is None and not self.ended

    def is_tolled(self, at: datetime) -> bool:
        """Whether the law stops it at the moment, for an answer that has not come."""
        return self.is_going and self.tolled_until is not None and at <= self.tolled_until

    def due(self, at: datetime) -> datetime | None:
        """The limit as it stands at the moment; none while the law stops the clock."""
        return None if self.is_tolled(at) else self.due_at

    @property
    def steps(self) -> tuple[Step, ...]:
        """The arithmetic that led to the limit."""
        return tuple(
            Step(
                one["sentence"],
                datetime.fromisoformat(one["instant"]) if one["instant"] else None,
                one["citation"],
                StepKind(one.get("kind", StepKind.NOTE)),
                one.get("event", ""),
            )
            for one in self.answer["derivation"]
        )
