"""The rule tables with their versions, the facts that limits are computed from, and the clocks."""

from importlib import import_module

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

gates = import_module("reviewer.migrations.0002_gates")
WRITTEN_ONCE = ["rulerow", "clockevent"]
FORWARD = [
    *[gates.trigger(table, "evidence_is_written_once", "BEFORE UPDATE OR DELETE",
                    "reviewer_refuse_change") for table in WRITTEN_ONCE],
    *[gates.trigger(table, "evidence_is_never_emptied", "BEFORE TRUNCATE",
                    "policies_refuse_truncate", "STATEMENT") for table in WRITTEN_ONCE],
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("reviewer", "0006_note_members_found"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="appeal",
            name="item_kinds",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="appeal",
            name="meeting_dates",
            field=models.JSONField(
                blank=True, default=list, help_text="Of a board that decides: ISO dates."
            ),
        ),
        migrations.AddField(
            model_name="appeal",
            name="plan_levels",
            field=models.PositiveSmallIntegerField(
                blank=True, help_text="How many levels of appeal the plan has.", null=True
            ),
        ),
        migrations.AddField(
            model_name="appeal",
            name="regime",
            field=models.CharField(blank=True, help_text="Whose rules it is under.", max_length=30),
        ),
        migrations.AddField(
            model_name="appeal",
            name="stage",
            field=models.CharField(default="appeal_decision", max_length=30),
        ),
        migrations.AddField(
            model_name="appeal",
            name="step",
            field=models.CharField(default="decision", max_length=40),
        ),
        migrations.AddField(
            model_name="request",
            name="course_ends_at",
            field=models.DateTimeField(
                blank=True,
                help_text="For a course that goes on.",
                null=True,
                verbose_name="approved course ends",
            ),
        ),
        migrations.AddField(
            model_name="request",
            name="item_kinds",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text="What kind of item each regime's rules take it for: {regime: item_kind}.",
            ),
        ),
        migrations.AddField(
            model_name="request",
            name="rating_period_start",
            field=models.DateField(
                blank=True,
                help_text="Medicaid: the start of the contract's rating period.",
                null=True,
            ),
        ),
        migrations.CreateModel(
            name="ClockEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("type", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                (
                    "has_time",
                    models.BooleanField(
                        default=True,
                        help_text="Without: only the day is known, in the zone of the case.",
                    ),
                ),
                (
                    "facts",
                    models.JSONField(
                        default=dict, help_text="ground, respond_by, needs_information …"
                    ),
                ),
                (
                    "recipient",
                    models.CharField(
                        blank=True, help_text="Who was told: Notice's word.", max_length=8
                    ),
                ),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "appeal",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clock_events",
                        to="reviewer.appeal",
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        help_text="Empty: none.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="reviewer.clockevent",
                    ),
                ),
                (
                    "determination",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clock_events",
                        to="reviewer.determination",
                    ),
                ),
                (
                    "milestone",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reviewer.event",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        help_text="Empty: system.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reviewer.reviewer",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clock_events",
                        to="reviewer.request",
                    ),
                ),
            ],
            options={
                "ordering": ["request", "at", "id"],
            },
        ),
        migrations.CreateModel(
            name="ReceiptCorrection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="the time it should be")),
                ("reason", models.TextField()),
                (
                    "evidence",
                    models.TextField(help_text="What shows it: the fax header, the portal's log."),
                ),
                ("proposed_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "is_approved",
                    models.BooleanField(help_text="Empty: not decided yet.", null=True),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reviewer.reviewer",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections_asked",
                        to="reviewer.clockevent",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reviewer.reviewer",
                    ),
                ),
            ],
            options={
                "ordering": ["-proposed_at"],
                "permissions": [
                    (
                        "approve_receiptcorrection",
                        "Can approve a correction of a time by someone else",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="clockevent",
            name="correction",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="made",
                to="reviewer.receiptcorrection",
            ),
        ),
        migrations.CreateModel(
            name="RuleChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "table",
                    models.CharField(
                        choices=[
                            ("rules", "Limits"),
                            ("conventions", "Readings of silent texts"),
                            ("holidays", "Holidays"),
                            ("regimes", "Which rules bind whom"),
                            ("zones", "Time zones of the offices"),
                            ("duties", "What starts and stops a clock"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        help_text="The row's own name: “ERISA.PRE.INIT”.", max_length=60
                    ),
                ),
                (
                    "row",
                    models.JSONField(
                        blank=True, help_text="Every column as text; empty: no row.", null=True
                    ),
                ),
                ("reason", models.TextField()),
                ("proposed_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "is_approved",
                    models.BooleanField(blank=True, help_text="Empty: not decided yet.", null=True),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "change of a rule",
                "verbose_name_plural": "changes of rules",
                "ordering": ["-proposed_at"],
                "permissions": [
                    ("approve_rulechange", "Can approve a change of a rule by someone else")
                ],
            },
        ),
        migrations.CreateModel(
            name="RuleRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "table",
                    models.CharField(
                        choices=[
                            ("rules", "Limits"),
                            ("conventions", "Readings of silent texts"),
                            ("holidays", "Holidays"),
                            ("regimes", "Which rules bind whom"),
                            ("zones", "Time zones of the offices"),
                            ("duties", "What starts and stops a clock"),
                        ],
                        max_length=12,
                    ),
                ),
                ("key", models.CharField(max_length=60)),
                ("version", models.PositiveIntegerField()),
                (
                    "row",
                    models.JSONField(
                        help_text="Every column as text; empty: the row ended here.", null=True
                    ),
                ),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "change",
                    models.OneToOneField(
                        help_text="Empty: as shipped.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="made",
                        to="reviewer.rulechange",
                    ),
                ),
            ],
            options={
                "verbose_name": "rule",
                "ordering": ["table", "key", "version"],
            },
        ),
        migrations.CreateModel(
            name="Clock",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("duty", models.CharField(help_text="Its row in the duties table.", max_length=40)),
                (
                    "label",
                    models.CharField(
                        help_text="“Decision”, “Notice to the member”.", max_length=120
                    ),
                ),
                ("recipient", models.CharField(blank=True, max_length=8)),
                (
                    "scope",
                    models.JSONField(
                        help_text="What the rule was selected by: reviewer.clocks.Scope."
                    ),
                ),
                (
                    "others",
                    models.JSONField(default=list, help_text="Other regimes: [{rule_id, role}]."),
                ),
                ("zone", models.CharField(max_length=40)),
                ("rule_id", models.CharField(help_text="The selected row.", max_length=40)),
                (
                    "applied_rule_id",
                    models.CharField(help_text="The row that set the limit.", max_length=40),
                ),
                ("book_version", models.CharField(max_length=12)),
                ("citation", models.CharField(max_length=160)),
                (
                    "due_at",
                    models.DateTimeField(
                        help_text="Empty while the clock is stopped by law.", null=True
                    ),
                ),
                ("legal_max_at", models.DateTimeField(null=True)),
                ("accept_through", models.DateTimeField(null=True)),
                ("tolled_until", models.DateTimeField(null=True)),
                ("target_at", models.DateTimeField(null=True)),
                ("alarm_at", models.DateTimeField(null=True)),
                ("answer", models.JSONField(help_text="The engine's answer with its derivation.")),
                ("computed_at", models.DateTimeField()),
                ("stopped_at", models.DateTimeField(null=True)),
                (
                    "ended",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("withdrawn", "Withdrawn"),
                            ("dismissed", "Dismissed"),
                            ("not_required", "No authorization required"),
                            ("replaced", "Replaced by another determination"),
                            ("moved", "Another duty took its place"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "appeal",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clocks",
                        to="reviewer.appeal",
                    ),
                ),
                (
                    "determination",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clocks",
                        to="reviewer.determination",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reviewer.event",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clocks",
                        to="reviewer.request",
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reviewer.clockevent",
                    ),
                ),
                (
                    "stopped_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reviewer.clockevent",
                    ),
                ),
                (
                    "rule_row",
                    models.ForeignKey(
                        help_text="The applied row's version.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reviewer.rulerow",
                    ),
                ),
            ],
            options={
                "ordering": ["request", "id"],
            },
        ),
        migrations.AddConstraint(
            model_name="receiptcorrection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("decided_by", None), ("is_approved", None)),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("is_approved__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="a_decision_on_a_correction_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="receiptcorrection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("is_approved", True), _negated=True),
                    models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                    _connector="OR",
                ),
                name="nobody_approves_an_own_correction",
            ),
        ),
        migrations.AddConstraint(
            model_name="receiptcorrection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason", ""), _negated=True),
                    models.Q(("evidence", ""), _negated=True),
                ),
                name="a_correction_has_its_evidence",
            ),
        ),
        migrations.AddConstraint(
            model_name="receiptcorrection",
            constraint=models.UniqueConstraint(
                models.F("event"),
                condition=models.Q(("decided_at", None)),
                name="one_open_correction_of_an_event",
            ),
        ),
        migrations.AddIndex(
            model_name="clockevent",
            index=models.Index(models.F("type"), models.F("at"), name="clock_events_by_type"),
        ),
        migrations.AddConstraint(
            model_name="clockevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("correction", None), ("corrects", None)),
                    models.Q(("correction__isnull", False), ("corrects__isnull", False)),
                    _connector="OR",
                ),
                name="a_corrected_time_rests_on_two_people",
            ),
        ),
        migrations.AddConstraint(
            model_name="rulechange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("decided_by", None), ("is_approved", None)),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("is_approved__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="a_decision_on_a_rule_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="rulechange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("is_approved", True), _negated=True),
                    models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                    _connector="OR",
                ),
                name="nobody_approves_an_own_change_of_a_rule",
            ),
        ),
        migrations.AddConstraint(
            model_name="rulechange",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True),
                name="a_change_of_a_rule_has_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="rulechange",
            constraint=models.UniqueConstraint(
                models.F("table"),
                models.F("key"),
                condition=models.Q(("decided_at", None)),
                name="one_open_change_of_a_rule",
            ),
        ),
        migrations.AddConstraint(
            model_name="rulerow",
            constraint=models.UniqueConstraint(
                models.F("table"),
                models.F("key"),
                models.F("version"),
                name="versions_of_a_rule_are_numbered",
            ),
        ),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(
                models.F("due_at"),
                models.F("id"),
                condition=models.Q(("ended", ""), ("stopped_at", None)),
                name="going_by_time_left",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.UniqueConstraint(
                models.F("request"),
                models.F("appeal"),
                models.F("determination"),
                models.F("duty"),
                models.F("recipient"),
                models.F("started_by"),
                name="a_duty_has_one_clock",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("stopped_at", None), ("stopped_by", None)),
                    models.Q(("stopped_at__isnull", False), ("stopped_by__isnull", False)),
                    _connector="OR",
                ),
                name="a_clock_stops_with_its_evidence",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended", ""), ("ended_by", None)),
                    models.Q(models.Q(("ended", ""), _negated=True), ("ended_by__isnull", False)),
                    _connector="OR",
                ),
                name="a_clock_ends_with_its_evidence",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("due_at__isnull", False), ("tolled_until__isnull", False), _connector="OR"
                ),
                name="a_clock_has_a_limit_or_is_stopped_by_law",
            ),
        ),
        migrations.RunSQL(FORWARD, migrations.RunSQL.noop),
    ]
