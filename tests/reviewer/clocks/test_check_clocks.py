"""`check_clocks` tells where a file of worked examples and the engine disagree, and exits by it."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from reviewer.models import RuleChange, RuleRow

EXAMPLE = {
    "id": "one",
    "rule_id": "MA.STD.PA",
    "zone": "America/Chicago",
    "scope": {
        "line_of_business": "medicare_advantage",
        "stage": "initial",
        "step": "decision",
        "review_type": "pre_service",
        "urgency": "standard",
        "item_kind": "item_subject_to_prior_auth",
    },
    "events": [{"type": "received", "at": "2026-06-01T10:00"}],
    "expect": {"due_at": "2026-06-08T23:59:59-05:00", "flags": []},
    "note": "Seven days.",
}


@pytest.fixture
def run(tmp_path, capsys):
    def run(*lines, shipped=True):
        file = tmp_path / "examples.jsonl"
        texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
        file.write_text("\n".join(texts), encoding="utf-8")
        try:
            call_command("check_clocks", str(file), shipped=shipped)
            code = 0
        except SystemExit as ended:
            code = ended.code
        return code, capsys.readouterr().out

    return run


def changed(**keys):
    return EXAMPLE | keys


def test_examples_that_agree_are_counted(run):
    code, said = run(EXAMPLE, "", changed(id="two"))
    assert code == 0
    assert said.startswith("2 examples, 2 agree, 0 disagree; 0 unreadable lines; rules ")


@pytest.mark.parametrize(
    ("expect", "line"),
    [
        (
            {"due_at": "2026-06-09T23:59:59-05:00"},
            'due_at: expected "2026-06-09T23:59:59-05:00", ours "2026-06-08T23:59:59-05:00"',
        ),
        (
            {"due_at": "2026-06-09T04:59:59+00:00"},  # the same instant, shown in another zone
            'due_at: expected "2026-06-09T04:59:59+00:00", ours "2026-06-08T23:59:59-05:00"',
        ),
        ({"due_at": None}, 'due_at: expected null, ours "2026-06-08T23:59:59-05:00"'),
        ({"flags": ["extended"]}, 'flags: expected ["extended"], ours []'),
        ({"status": "met"}, 'status: expected "met", ours null'),
        ({"applied_rule_id": "MA.EXP"}, 'applied_rule_id: expected "MA.EXP", ours "MA.STD.PA"'),
        ({"by_rule": {"MA.STD.PA": None}}, 'by_rule: expected {"MA.STD.PA": null}, ours {}'),
    ],
)
def test_a_disagreement_shows_both_sides_and_our_derivation(run, expect, line):
    code, said = run(EXAMPLE, changed(expect=expect))
    assert code == 1
    assert "line 2, one, MA.STD.PA" in said
    assert "the example says: Seven days." in said
    assert line in said
    assert "step  Rule MA.STD.PA: 7 calendar days, in force from 2026-01-01." in said
    assert "2 examples, 1 agree, 1 disagree" in said


def test_only_the_keys_present_are_compared(run):
    assert run(changed(expect={"legal_max_at": None}))[0] == 0


def test_another_rule_than_the_scope_selects_is_told(run):
    code, said = run(changed(rule_id="MA.STD.NONPA", expect={}))
    assert code == 1
    assert "rule: expected MA.STD.NONPA, the scope selects MA.STD.PA" in said


def test_an_example_that_cannot_be_computed_disagrees(run):
    code, said = run(changed(events=[]))
    assert code == 1
    assert "ours: MA.STD.PA has not started: no event “received” is recorded." in said


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "it is no JSON"),
        ("[1]", "it is no JSON object"),
        ({"id": "one"}, "it has no rule_id, no zone, no events, no expect"),
        (changed(events=[{"type": "telepathy", "at": "2026-06-01"}]), "telepathy"),
        (changed(expect={"due": "2026-06-01"}), "it expects due, which no result has"),
        (changed(expect={"due_at": "2026-06-01T10:00"}), "has no offset"),
        (changed(scope={"line": "erisa"}), "line"),
        (changed(as_of="soon"), "soon"),
    ],
)
def test_a_line_that_cannot_be_read_is_told_by_its_number(run, line, why):
    code, said = run(EXAMPLE, line)
    assert code == 1
    assert "line 2: " in said
    assert why in said
    assert "1 examples, 1 agree, 0 disagree; 1 unreadable lines" in said


def test_a_file_that_cannot_be_read_is_refused(tmp_path):
    with pytest.raises(CommandError, match=r"none\.jsonl") as refused:
        call_command("check_clocks", str(tmp_path / "none.jsonl"), shipped=True)
    assert refused.value.returncode == 2


def test_the_rules_of_the_database_count_unless_the_shipped_are_asked_for(run, cast):
    row = RuleRow.objects.current().get(table="rules", key="MA.STD.PA").row
    change = RuleChange.objects.create(
        table="rules",
        key="MA.STD.PA",
        row=row | {"number": "6"},
        reason="The contract of the plan is stricter.",
        proposed_by=cast.policy_editor.user,
        proposed_at=timezone.now(),
    )
    change.decided_by, change.decided_at = cast.policy_approver.user, timezone.now()
    change.is_approved = True
    change.save()
    code, said = run(EXAMPLE, shipped=False)
    assert (code, "(of the database)" in said) == (1, True)
    assert 'ours "2026-06-07T23:59:59-05:00"' in said
    code, said = run(EXAMPLE)
    assert (code, "(as shipped)" in said) == (0, True)
