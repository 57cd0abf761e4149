"""A row of a rule table as sentences, and its values as words."""

import calendar
from collections.abc import Iterator
from typing import Final

from policies.wording import either, listed, sentence_case
from reviewer.clocks import TABLES, Kind, Rule
from reviewer.clocks.holidays import Holiday
from reviewer.clocks.regimes import RegimeRole
from reviewer.clocks.rules import Calculation, StartChoice, Unit, WeekendRoll, rule_of
from reviewer.clocks.starts import words

Row = dict[str, str]
WHOSE: Final = {
    "erisa": "ERISA",
    "aca_internal": "ACA, internal appeals",
    "aca_external": "ACA, external review",
    "medicare_advantage": "Medicare Advantage",
    "integrated_dsnp": "Integrated D-SNP",
    "medicaid_mco": "Medicaid managed care",
    "california_hmo": "California HMO",
    "texas": "Texas",
    "new_york": "New York",
    "washington": "Washington",
    "ncqa": "NCQA",
    "urac": "URAC",
}
CONFIDENCE: Final = {
    "V": "confirmed in the official text",
    "V2": "confirmed in a dated second-hand statement of the current text",
    "V_old": "confirmed in an older version of the official text: confirm that it still holds",
    "G": "general knowledge: confirm it before relying on it",
    "CHOICE": "the text is silent and a convention is used: your choice to make",
}
TO_CONFIRM: Final = ("G", "V_old", "CHOICE")
DECIDED: Final = {"initial", "extension", "appeal_decision"}
ITEM_KINDS: Final = {
    "item_subject_to_prior_auth": "An item or service that needs prior authorization",
    "item_not_subject_to_prior_auth": "An item or service that needs none",
    "part_b_drug": "A Part B drug",
    "payment_clean_noncontract": "Payment of a clean claim, provider without a contract",
    "payment_other": "Payment of any other claim",
    "covered_outpatient_drug": "A covered outpatient drug",
    "service": "A service",
    "inpatient_rehabilitation_after_hospital": "Inpatient rehabilitation after a hospital stay",
    "home_health_after_inpatient": "Home health care after an inpatient stay",
    "inpatient_substance_use": "Inpatient treatment of substance use",
    "not_hospitalized": "The patient is not in hospital",
    "hospitalized_patient": "The patient is in hospital",
    "post_stabilization_care": "Care after stabilization",
}
MISSED: Final = {
    "deemed_adverse": "it is deemed adverse (the lapse counts as an adverse determination)",
    "deemed_affirmed_forward_to_ire": "it is deemed affirmed (the file goes to the independent"
    " entity)",
    "deemed_denied": "it is deemed denied (notice of the denial is due the same day)",
    "deemed_exhausted": "the plan's own review is deemed exhausted (the claimant may go on"
    " outside)",
    "deemed_reversed": "it is deemed reversed (the service counts as approved)",
}
ORDINALS: Final = {1: "first", 2: "second", 3: "third", 4: "fourth", -1: "last"}


def whose(value: str) -> str:
    """Whose rules: “ERISA”; of a law, a contract or a body that staff added, its word."""
    return WHOSE.get(value, words(value))


def item_kind_in_words(value: str) -> str:
    """“A Part B drug”; of a kind that staff added, its word."""
    return ITEM_KINDS.get(value) or sentence_case(words(value))


def missed_in_words(outcome: str) -> str:
    """What the law makes of a missed limit: “it is deemed denied (notice …)”."""
    return MISSED.get(outcome, f"it is {words(outcome)}")


def value_in_words(table: str, column: str, text: str) -> str:
    """A value as a reader says it; texts and names stay as they are."""
    if (table, column) in {("rules", "line_of_business"), ("regimes", "regime")}:
        return ", ".join(map(whose, text.split("|")))
    is_name = TABLES[table].column(column).kind in (Kind.CHOICE, Kind.WORDS)
    if not is_name or column == "confidence":
        return text
    return ", ".join(map(words, text.split("|")))


def sentences_of(row: Row) -> list[str]:
    """A limit in sentences: how long, from what, how it is extended, what meets it."""
    rule = rule_of(row)
    return [_limit(rule), *_days(rule), *_extension(rule), *_met(rule), *_held(rule)]


def _limit(rule: Rule) -> str:
    starts = either([f"“{words(one)}”" for one in rule.starts_on])
    match rule.calculation:
        case Calculation.NONE:
            levels = rule.number is not None and rule.unit is Unit.APPEAL_LEVELS
            return f"At most {length_of(rule)}." if levels else "A fact, by which nothing is due."
        case Calculation.IMMEDIATE:
            return f"At once: by the very time of {starts}."
        case Calculation.MEETING_SCHEDULE:
            return f"At a meeting of the board after {starts}."
        case Calculation.BACKWARD:
            return f"At least {length_of(rule)} before {starts}."
    upper = f" (a State may choose up to {rule.number_max})" if rule.number_max is not None else ""
    first = ", whichever comes first" if rule.start_choice is StartChoice.EARLIER_OF else ""
    return f"{length_of(rule)}{upper} after {starts}{first}."


def length_of(rule: Rule) -> str:
    """“15 calendar days”, “1 calendar month”."""
    unit = words(str(rule.unit)) if rule.unit else ""
    return f"{rule.number} {unit.removesuffix('s') if rule.number == 1 else unit}"


def _days(rule: Rule) -> Iterator[str]:
    if rule.start_choice is StartChoice.PRESUMED_RECEIPT:
        yield (
            f"Where receipt is not proved, it is presumed {rule.presumed_receipt_days} calendar"
            f" days after “{words(rule.presumed_from)}”."
        )
    if rule.floor_event:
        yield f"Never before the end of the day of “{words(rule.floor_event)}”."
    if rule.weekend_roll is WeekendRoll.DUE_DATE:
        yield "A last day on a weekend or a holiday moves to the next business day."
    if rule.weekend_roll is WeekendRoll.ACCEPT_THROUGH:
        yield (
            "The last day stays where it falls; on a weekend or a holiday a filing is accepted"
            " through the next business day."
        )


def _extension(rule: Rule) -> Iterator[str]:
    if rule.extension_number is None:
        if rule.calculation is Calculation.FORWARD and DECIDED & {*rule.stage}:
            yield "There is no extension."
        return
    grounds = either([words(one) for one in rule.extension_grounds])
    unit = words(str(rule.extension_unit))
    yield f"It may be extended once by {rule.extension_number} {unit}, for {grounds}."
    if rule.tolls:
        yield (
            "An extension for missing information of the claimant stops the clock; there are at"
            f" least {rule.respond_within_number} {words(str(rule.respond_within_unit))} to answer."
        )


def _met(rule: Rule) -> Iterator[str]:
    if rule.satisfied_by:
        yield f"Met by {either([f'“{words(one)}”' for one in rule.satisfied_by])}."
    if rule.missed_outcome:
        yield f"When it is missed: {words(rule.missed_outcome)}."


def _held(rule: Rule) -> Iterator[str]:
    if rule.has_dates:
        by = words(str(rule.applies_by))
        yield f"For a {by}{_since(rule.applies_from, rule.applies_to)}."


def _since(since: object, until: object) -> str:
    return f"{f' from {since}' if since else ''}{f' to {until}' if until else ''}"


def cases_of(rule: Rule) -> str:
    """For which cases: “ERISA, initial, decision, pre service, standard”."""
    told = [listed([whose(one) for one in rule.line_of_business])]
    for column in ("stage", "step", "review_type", "urgency", "item_kind"):
        if accepted := rule.alternatives(column):
            told.append(either([words(one) for one in accepted]))
    if rule.appeal_levels:
        told.append(f"plans with {either(rule.appeal_levels)} levels of appeal")
    if rule.condition:
        told.append(words(rule.condition))
    return ", ".join(told)


def when_closed(holiday: Holiday) -> str:
    """“The third Monday of January”, “25 December”, “24 December 2026”."""
    month = calendar.month_name[holiday.month]
    if holiday.day is None:
        which = ORDINALS[holiday.ordinal or 1]
        return f"The {which} {holiday.weekday.capitalize()} of {month}"
    since, until = holiday.applies_from, holiday.applies_to
    year = f" {since.year}" if since and until and since.year == until.year else ""
    return f"{holiday.day} {month}{year}"


def role_in_words(role: RegimeRole) -> str:
    return {
        RegimeRole.SELECTED: "govern",
        RegimeRole.BINDING: "bind as well; the strictest counts",
        RegimeRole.TARGET: "are a service goal",
    }[role]
