"""Two people change a rule: what is refused, in which words, and what an approval moves."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from policies.models import LineOfBusiness
from reviewer.clocks import compute, regimes_for
from reviewer.clocks.holidays import DayCalendar
from reviewer.models import Clock, RuleChange, RuleRow, Urgency
from reviewer.workflow.clocks import answers, recompute
from reviewer.workflow.errors import Refused
from reviewer.workflow.rule_book import book, row_of
from reviewer.workflow.rules import (
    a_change,
    approve_rule_change,
    decline_rule_change,
    effect,
    from_day,
    made_together,
    propose_from_day,
    propose_rule_change,
)
from tests.factories import make_request, now

pytestmark = pytest.mark.django_db
LIMIT = "ERISA.PRE.INIT"
REASON = "The contract with the plan."


@pytest.fixture
def editor(cast):
    return cast.policy_editor.user


@pytest.fixture
def approver(cast):
    return cast.policy_approver.user


def columns(key=LIMIT, table="rules"):
    return RuleRow.objects.current().get(table=table, key=key).row


def propose(by, table="rules", key=LIMIT, **changes):
    row = columns(key, table) | changes
    return propose_rule_change(table=table, key=key, row=row, reason=REASON, by=by, at=now())


def add(by, table, key, row):
    return propose_rule_change(table=table, key=key, row=row, reason=REASON, by=by, at=now())


def end(by, table, key):
    return propose_rule_change(table=table, key=key, row=None, reason=REASON, by=by, at=now())


# Two people


def test_nothing_changes_until_a_second_person_approves(editor, approver):
    change = propose(editor, number="10")
    assert row_of(LIMIT).row["number"] == "15"

    approve_rule_change(change=change, by=approver, at=now())

    made = row_of(LIMIT)
    assert (made.row["number"], made.version) == ("10", 2)
    assert made.change == change
    assert (made.change.reason, made.change.proposed_by) == (REASON, editor)
    assert book().rule(LIMIT).number == 10


def test_nobody_approves_an_own_change(editor, cast):
    change = propose(editor, number="10")
    cast.policy_editor.user.user_permissions.set(
        cast.policy_approver.user.groups.get().permissions.all()
    )

    with pytest.raises(Refused, match="nobody approves an own change"):
        approve_rule_change(change=change, by=editor, at=now())


@pytest.mark.parametrize(
    "who", ["intake", "nurse", "physician", "supervisor", "auditor", "policy_approver"]
)
def test_only_a_policy_editor_proposes(cast, who):
    with pytest.raises(Refused, match="Only a policy editor may do this"):
        propose(getattr(cast, who).user, number="10")


@pytest.mark.parametrize("who", ["nurse", "physician", "supervisor", "auditor", "administrator"])
def test_only_a_policy_approver_approves_or_declines(cast, editor, who):
    change = propose(editor, number="10")

    for verb in (approve_rule_change, decline_rule_change):
        with pytest.raises(Refused, match="Only a policy approver may do this"):
            verb(change=change, by=getattr(cast, who).user, at=now())


def test_who_proposed_a_change_takes_it_back(editor):
    change = propose(editor, number="10")

    decline_rule_change(change=change, by=editor, at=now())

    assert RuleChange.objects.get().is_approved is False
    assert row_of(LIMIT).row["number"] == "15"


def test_a_change_is_decided_once(editor, approver):
    change = propose(editor, number="10")
    decline_rule_change(change=change, by=approver, at=now())

    with pytest.raises(Refused, match=r"This change was declined by hsato on .* already\."):
        approve_rule_change(change=change, by=approver, at=now())


def test_the_name_of_a_row_fits_its_column(editor):
    named = {"rule_id": "X" * 61}
    with pytest.raises(Refused, match="at most 60 characters"):
        add(editor, "rules", "X" * 61, columns() | named)


def test_approvals_wait_for_each_other(editor, approver):
    """Each is checked against the rules that the one before left."""
    change = propose(editor, number="10")
    with CaptureQueriesContext(connection) as found:
        approve_rule_change(change=change, by=approver, at=now())
    first = next(one["sql"] for one in found if "SAVEPOINT" not in one["sql"])
    assert "pg_advisory_xact_lock" in first


def test_one_change_of_a_row_is_open_at_a_time(editor):
    propose(editor, number="10")

    with pytest.raises(Refused, match="A change of ERISA.PRE.INIT is proposed already"):
        propose(editor, number="12")


def test_after_a_decision_the_row_may_be_changed_again(editor, approver):
    for number in ("10", "12"):
        change = propose(editor, number=number)
        approve_rule_change(change=change, by=approver, at=now())

    assert (row_of(LIMIT).version, row_of(LIMIT).row["number"]) == (3, "12")


# What is refused, and in which words


@pytest.mark.parametrize(
    ("table", "key", "changes", "sentence"),
    [
        ("rules", LIMIT, {"number": "ten"}, "row ERISA.PRE.INIT, number says “ten”"),
        ("rules", LIMIT, {"number": ""}, "row ERISA.PRE.INIT, number"),
        ("rules", LIMIT, {"unit": "fortnights"}, "unit says “fortnights”"),
        ("rules", LIMIT, {"applies_from": "soon"}, "applies_from says “soon”"),
        ("rules", LIMIT, {"confidence": "sure"}, "confidence says “sure”"),
        ("rules", LIMIT, {"citation": ""}, "citation"),
        ("rules", LIMIT, {"starts_on": "full_moon"}, "starts_on says “full_moon”"),
        ("rules", LIMIT, {"rule_id": "OTHER"}, "A row keeps its name"),
        ("rules", "ERISA.URG.INIT", {"incomplete_rule_id": "NONE"}, "incomplete_rule_id"),
        ("holidays", "christmas_day", {"day": "32"}, "day says “32”"),
        ("holidays", "christmas_day", {"month": "13"}, "month says “13”"),
        ("holidays", "memorial_day", {"weekday": "someday"}, "weekday says “someday”"),
        ("zones", "default", {"zone": "America/Nowhere"}, "zone says “America/Nowhere”"),
        ("zones", "default", {"jurisdiction": "Texas"}, "jurisdiction says “Texas”"),
        ("regimes", "medicaid", {"regime": "nobody"}, "regime says “nobody”"),
        ("conventions", "C16", {"number": ""}, "row C16"),
        ("duties", "decision", {"opened_by": "nothing"}, "opened_by says “nothing”"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_by_its_column(editor, table, key, changes, sentence):
    with pytest.raises(Refused) as refused:
        propose(editor, table, key, **changes)

    assert sentence in str(refused.value)
    assert not RuleChange.objects.exists()


def test_a_second_rule_for_the_same_cases_is_refused_and_both_are_named(editor):
    row = columns() | {"rule_id": "OWN.PRE", "number": "10"}

    with pytest.raises(Refused) as refused:
        add(editor, "rules", "OWN.PRE", row)

    assert "OWN.PRE" in str(refused.value)
    assert LIMIT in str(refused.value)


def test_a_row_that_is_as_it_was_changes_nothing(editor):
    with pytest.raises(Refused, match="nothing would change"):
        propose(editor)


def test_a_row_that_is_not_there_does_not_end(editor):
    with pytest.raises(Refused, match="There is no row OWN.PRE that could end"):
        end(editor, "rules", "OWN.PRE")


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_change_has_a_reason(editor, reason):
    row = columns() | {"number": "10"}

    with pytest.raises(Refused, match="Say why"):
        propose_rule_change(
            table="rules", key=LIMIT, row=row, reason=reason, by=editor, at=now()
        )  # fmt: skip


@pytest.mark.parametrize(("table", "key"), [("nothing", LIMIT), ("rules", ""), ("rules", "X" * 61)])
def test_a_change_names_its_row(editor, table, key):
    with pytest.raises(Refused):
        add(editor, table, key, columns() | {"rule_id": key})


def test_a_change_is_checked_again_when_it_is_approved(editor, approver):
    """Two changes that are each sound alone, and not together."""
    own = columns() | {"rule_id": "OWN.PRE", "line_of_business": "own_contract"}
    first, second = dict(own), own | {"rule_id": "OWN.PRE.2"}
    changes = [add(editor, "rules", one["rule_id"], one) for one in (first, second)]
    approve_rule_change(change=changes[0], by=approver, at=now())

    with pytest.raises(Refused, match="OWN.PRE"):
        approve_rule_change(change=changes[1], by=approver, at=now())

    assert RuleChange.objects.get(pk=changes[1].pk).is_approved is None


# Whose rules


def test_a_line_of_business_is_never_without_its_rules(editor):
    with pytest.raises(Refused, match="no rules would govern Medicaid managed care"):
        end(editor, "regimes", "medicaid")


def test_nor_from_a_day_on(editor):
    with pytest.raises(Refused, match="From 2027-01-01 no rules would govern Medicaid"):
        propose(editor, "regimes", "medicaid", applies_to="2026-12-31")


def test_nor_before_a_day(editor):
    with pytest.raises(Refused, match="From the start no rules would govern Medicaid"):
        propose(editor, "regimes", "medicaid", applies_from="2027-01-01")


def test_two_rows_do_not_both_govern_a_line_of_business(editor):
    row = columns("medicaid", "regimes") | {"id": "second", "regime": "erisa"}

    with pytest.raises(Refused, match="row medicaid is selected for the same cases"):
        add(editor, "regimes", "second", row)


def test_other_rules_govern_from_a_day_on(editor, approver):
    row = columns("medicaid", "regimes") | {"regime": "erisa"}
    change = propose_from_day(
        table="regimes", key="medicaid", row=row, starts_on=date(2027, 1, 1), reason=REASON,
        by=editor, at=now(),
    )  # fmt: skip
    approve_rule_change(change=change, by=approver, at=now())

    def governing(on):
        case = {"line_of_business": "medicaid", "jurisdiction": "NY", "plan": "Harbor"}
        return regimes_for(book(), on=on, **case)[0].regime

    assert governing(date(2026, 12, 31)) == "medicaid_mco"
    assert governing(date(2027, 1, 1)) == "erisa"


def test_staff_bind_a_line_of_business_to_an_accreditation(editor, approver):
    row = {
        "id": "ncqa", "line_of_business": "commercial_insured", "jurisdiction": "any",
        "plan": "Harbor PPO", "regime": "ncqa", "role": "target", "applies_from": "",
        "applies_to": "", "citation": "Accreditation of 2026", "confidence": "CHOICE", "note": "",
    }  # fmt: skip
    approve_rule_change(change=add(editor, "regimes", "ncqa", row), by=approver, at=now())

    found = regimes_for(
        book(), line_of_business=LineOfBusiness.COMMERCIAL_INSURED, jurisdiction="NY",
        plan="Harbor PPO", on=date(2026, 6, 1),
    )  # fmt: skip
    assert found[-1].regime == "ncqa"


# From a day on


def begin(by, starts_on=date(2027, 1, 1), **changes):
    return propose_from_day(
        table="rules", key=LIMIT, row=columns() | changes, starts_on=starts_on, reason=REASON,
        by=by, at=now(),
    )  # fmt: skip


def test_a_new_limit_begins_on_a_day_and_the_old_one_ends_the_day_before(editor, approver):
    change = begin(editor, number="10")
    approve_rule_change(change=change, by=approver, at=now())

    assert row_of(LIMIT).row["applies_to"] == "2026-12-31"
    assert row_of(LIMIT).row["number"] == "15"
    begun = row_of(f"{LIMIT}.2027-01-01").row
    assert (begun["number"], begun["applies_from"], begun["applies_to"]) == ("10", "2027-01-01", "")


@pytest.mark.parametrize("which", [0, 1])
def test_both_changes_are_decided_by_one_decision(editor, approver, which):
    changes = made_together(begin(editor, number="10"))

    approve_rule_change(change=changes[which], by=approver, at=now())

    assert set(RuleChange.objects.values_list("is_approved", flat=True)) == {True}
    assert RuleRow.objects.filter(change__in=changes).count() == 2


def test_both_changes_are_declined_together(editor, approver):
    changes = made_together(begin(editor, number="10"))

    decline_rule_change(change=changes[0], by=approver, at=now())

    assert set(RuleChange.objects.values_list("is_approved", flat=True)) == {False}
    assert row_of(LIMIT).version == 1


def test_a_later_day_has_its_name_once(editor, approver):
    approve_rule_change(change=begin(editor, number="10"), by=approver, at=now())
    later = f"{LIMIT}.2027-01-01"

    ending, beginning = from_day(
        table="rules", key=later, row=columns(later) | {"number": "7"},
        starts_on=date(2028, 1, 1), reason=REASON, by=editor, at=now(),
    )  # fmt: skip

    assert (ending.key, ending.row["applies_to"]) == (later, "2027-12-31")
    assert beginning.key == f"{LIMIT}.2028-01-01"


def test_a_limit_does_not_begin_before_the_old_one_or_after_its_end(editor, approver):
    approve_rule_change(change=begin(editor, number="10"), by=approver, at=now())

    with pytest.raises(Refused, match="applies_to of ERISA.PRE.INIT is 2026-12-31"):
        begin(editor, date(2028, 1, 1), number="7")
    with pytest.raises(Refused, match="applies_from of ERISA.PRE.INIT.2027-01-01 is 2027-01-01"):
        from_day(
            table="rules", key=f"{LIMIT}.2027-01-01", row=columns() | {"number": "7"},
            starts_on=date(2027, 1, 1), reason=REASON, by=editor, at=now(),
        )  # fmt: skip


@pytest.mark.parametrize(("table", "key"), [("conventions", "C16"), ("zones", "default")])
def test_a_table_without_days_has_no_day_to_begin_on(editor, table, key):
    with pytest.raises(Refused, match="do not begin or end on a day"):
        from_day(
            table=table, key=key, row=columns(key, table), starts_on=date(2027, 1, 1),
            reason=REASON, by=editor, at=now(),
        )  # fmt: skip


# What it moves


def standard(cast):
    """A standard prospective request under ERISA: due in 15 calendar days at the day's end."""
    return make_request(cast)


def decision(request):
    return Clock.objects.get(request=request, duty="decision")


def day_after_receipt(request, days):
    """The last second of a day so many days after receipt, in New York."""
    here = request.received_at.astimezone(ZoneInfo("America/New_York"))
    return (here + timedelta(days=days)).replace(hour=23, minute=59, second=59, microsecond=0)


def would(editor, **changes):
    row = columns() | changes
    return effect([a_change(table="rules", key=LIMIT, row=row, reason=REASON, by=editor, at=now())])


def test_it_is_told_beforehand_which_open_clocks_a_limit_would_move(cast, editor):
    request = standard(cast)
    make_request(cast, urgency=Urgency.EXPEDITED, urgency_attested_by="Dr. Ames")

    found = would(editor, number="10")

    assert found.going == 2
    (moved,) = found.moved
    assert moved.clock == decision(request)
    assert moved.before == day_after_receipt(request, 15)
    assert moved.after == day_after_receipt(request, 10)
    assert found.earlier == 1
    assert decision(request).due_at == day_after_receipt(request, 15)


def test_a_note_moves_nothing(cast, editor):
    standard(cast)

    assert would(editor, note="Read again.").moved == ()


def test_an_approval_moves_the_open_clocks_and_the_lists_ordered_by_them(cast, editor, approver):
    request = standard(cast)
    change = propose(editor, number="10")

    approve_rule_change(change=change, by=approver, at=now())

    clock = decision(request)
    request.refresh_from_db()
    assert clock.due_at == request.decision_due_at == day_after_receipt(request, 10)
    assert clock.rule_row == row_of(LIMIT)
    assert recompute([request], at=now()) == []


def test_a_limit_of_another_year_moves_nothing_now(cast, editor):
    standard(cast)
    far = date(2090, 1, 1)

    found = effect(
        from_day(
            table="rules", key=LIMIT, row=columns() | {"number": "10"}, starts_on=far,
            reason=REASON, by=editor, at=now(),
        )
    )  # fmt: skip

    assert found.moved == ()


def test_a_plan_adds_a_day_on_which_it_is_closed(editor, approver):
    row = {
        "id": "storm", "name": "Closed for the storm", "month": "3", "day": "4", "weekday": "",
        "ordinal": "", "applies_from": "2026-03-04", "applies_to": "2026-03-04",
        "closed_for": "plan_duty", "citation": "Notice of the plan", "confidence": "CHOICE",
    }  # fmt: skip
    approve_rule_change(change=add(editor, "holidays", "storm", row), by=approver, at=now())

    days, the_day = book().days, date(2026, 3, 4)
    assert days.holiday_on(the_day, DayCalendar.PLAN_DUTY) == "Closed for the storm"
    assert days.holiday_on(the_day, DayCalendar.CLAIMANT) is None
    assert days.holiday_on(date(2027, 3, 4), DayCalendar.PLAN_DUTY) is None


def test_no_open_clock_loses_its_limit(cast, editor):
    standard(cast)

    with pytest.raises(Refused, match="1 open clock would have no limit any more; so “Decision”"):
        end(editor, "rules", LIMIT)


def test_a_limit_that_no_open_clock_needs_may_end(editor, approver):
    approve_rule_change(change=end(editor, "rules", LIMIT), by=approver, at=now())

    assert not RuleRow.objects.current().filter(key=LIMIT).exists()
    assert LIMIT not in book().by_id


def test_approving_computes_each_open_clock_once(cast, editor, approver, monkeypatch):
    make_request(cast)
    change = propose(editor, number="10")
    counted = []
    monkeypatch.setattr(
        answers, "compute", lambda *args, **kwargs: counted.append(1) or compute(*args, **kwargs)
    )

    approve_rule_change(change=change, by=approver, at=now())

    assert len(counted) == Clock.objects.count() == 1
