"""The answer for a request: lines beside diagnoses, three answers a line, what absence means."""

from datetime import date

import pytest

from policies.answers import Follows, Value, answer_for, as_json, read_pasted
from policies.look_up import OPEN_LIST
from policies.models import AuthorizationList, AuthorizationRule, Requirement
from policies.resolver import Occasion
from tests.policies.library import AT, lamps, published
from tests.policies.pages import load, queries_in

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
COVERED = "covered if selection criteria are met"
NOT_COVERED = "not covered for indications listed in the CPB"


def occasion(line_of_business="medicaid", state="TX", on=DAY, received=DAY):
    return Occasion(line_of_business, state, on, received, DAY)


def ask(services, diagnoses="", **facts):
    return answer_for(services.split(), diagnoses.split(), occasion(**facts), on=DAY)


def line(services, diagnoses="", **facts):
    (one,) = ask(services, diagnoses, **facts).lines
    return one


def with_codes(codes, **options):
    return published(lamps(codes=f"{codes}\n", **options))


# What follows for a pair


@pytest.mark.parametrize(
    ("service", "diagnosis", "follows", "coverage"),
    [
        (COVERED, COVERED, "covered_if_criteria_met", "conditional"),
        ("covered for indications listed in the CPB", "covered for indications listed in the CPB",
         "covered", "yes"),
        (COVERED, NOT_COVERED, "not_covered", "no"),
        (NOT_COVERED, COVERED, "not_covered", "no"),
        (NOT_COVERED, NOT_COVERED, "not_covered", "no"),
    ],
)  # fmt: skip
def test_the_stricter_of_two_stances_follows(service, diagnosis, follows, coverage):
    with_codes(f"CPT codes {service}:\n\n97110 Lamp\n\nICD-10 codes {diagnosis}:\n\nH53.2 Double")

    one = line("97110", "H53.2")

    assert one.bulletins[0].pairs[0].follows == follows
    assert one.coverage.value == coverage


def test_related_services_have_no_stance_on_a_diagnosis():
    with_codes(
        "Other CPT codes related to the CPB:\n\n97110 Lamp\n\n"
        f"ICD-10 codes {NOT_COVERED}:\n\nH53.2 Double"
    )

    one = line("97110", "H53.2")

    assert one.bulletins[0].pairs[0].follows is Follows.RELATED
    assert one.coverage.value is Value.UNKNOWN


@pytest.mark.parametrize(
    ("openness", "said"),
    [
        (
            " (not all-inclusive)",
            f"Its list of diagnoses that are covered if criteria are met is open. {OPEN_LIST}",
        ),
        ("", "Its lists of diagnoses do not say that they are open."),
    ],
)
def test_a_diagnosis_that_is_not_named_is_told_with_the_openness_of_the_list(openness, said):
    with_codes(
        f"CPT codes {COVERED}:\n\n97110 Lamp\n\nICD-10 codes {COVERED}{openness}:\n\nH53.1 Blur"
    )

    (pair,) = line("97110", "H53.2").bulletins[0].pairs

    assert pair.follows is Follows.NOT_NAMED
    assert pair.sentence.endswith(f"It does not name H53.2. {said}")


def test_a_diagnosis_beside_a_bulletin_without_diagnoses_leaves_the_criteria():
    with_codes(f"CPT codes {COVERED}:\n\n97110 Lamp")

    one = line("97110", "H53.2")

    assert one.bulletins[0].pairs[0].sentence.endswith("It lists no diagnoses.")
    assert one.coverage.value is Value.CONDITIONAL


def test_an_unlisted_diagnosis_leaves_open_what_is_said_for_listed_indications():
    with_codes(
        f"CPT codes {NOT_COVERED}:\n\n97110 Lamp\n\nICD-10 codes {NOT_COVERED}:\n\nH53.1 Blur"
    )

    assert line("97110", "H53.2").coverage.value is Value.UNKNOWN
    assert line("97110").coverage.value is Value.NO


def test_brackets_make_an_answer_conditional():
    with_codes(f"CPT codes {NOT_COVERED}:\n\n97110 Lamp [not covered for reading]")

    one = line("97110")

    assert one.coverage.value is Value.CONDITIONAL
    assert "[not covered for reading]" in one.coverage.sentence


def test_a_header_of_which_only_some_codes_are_named_depends_on_the_exact_code():
    with_codes(f"CPT codes {COVERED}:\n\n97110 Lamp\n\nICD-10 codes {COVERED}:\n\nM54.50 Low back")

    (pair,) = line("97110", "M54.5").bulletins[0].pairs

    assert pair.follows is Follows.DEPENDS
    assert pair.sentence.endswith("partly inside M54.50, as covered if criteria are met: only some"
                                  " of the codes below it stand there.")  # fmt: skip


SCOPED = f"""Floor lamps:

CPT codes {COVERED}:

97110 Floor lamp

ICD-10 codes {COVERED}:

H53.1 Blur

Desk lamps:

CPT codes {COVERED}:

97112 Desk lamp

ICD-10 codes {COVERED}:

H53.2 Double

All lamps:

ICD-10 codes {NOT_COVERED}:

H53.3 Other"""


@pytest.mark.parametrize(
    ("diagnosis", "follows"),
    [("H53.1", "covered_if_criteria_met"), ("H53.2", "depends"), ("H53.3", "not_covered")],
)
def test_lists_of_the_service_s_own_scope_count_and_those_for_all(diagnosis, follows):
    with_codes(SCOPED)

    (pair,) = line("97110", diagnosis).bulletins[0].pairs

    assert pair.follows == follows


def test_a_diagnosis_under_another_scope_is_told_with_both():
    with_codes(SCOPED)

    (pair,) = line("97110", "H53.2").bulletins[0].pairs

    assert pair.sentence.endswith(
        "It names H53.2 as covered if criteria are met only under “Desk lamps”, while the service"
        " stands under “Floor lamps”."
    )


def test_all_lists_count_where_the_service_s_scope_has_none():
    with_codes(
        f"Drug A:\n\nHCPCS codes {COVERED}:\n\nJ1745 Drug\n\n"
        f"Eyes:\n\nICD-10 codes {COVERED}:\n\nH53.2 Double"
    )

    (pair,) = line("J1745", "H53.2").bulletins[0].pairs

    assert pair.follows is Follows.COVERED_IF_CRITERIA_MET
    assert "It stands under “Eyes”." in pair.sentence


# Several diagnoses


def test_a_line_depends_on_its_diagnosis_where_they_differ():
    with_codes(
        f"CPT codes {COVERED}:\n\n97110 Lamp\n\nICD-10 codes {COVERED}:\n\nH53.1 Blur\n\n"
        f"ICD-10 codes {NOT_COVERED}:\n\nH53.2 Double"
    )

    one = line("97110", "H53.1 H53.2")

    assert [said.value for said in one.by_diagnosis] == ["conditional", "no"]
    assert one.coverage.value is Value.CONDITIONAL
    assert one.coverage.sentence == (
        "0907 version 1 names 97110, exact code, as covered if criteria are met. It depends on"
        " the diagnosis: conditions decide with H53.1; not covered with H53.2."
    )


def test_a_line_that_is_the_same_with_each_diagnosis_says_so():
    with_codes(
        f"CPT codes {COVERED}:\n\n97110 Lamp\n\nICD-10 codes {NOT_COVERED}:\n\nH53.1 - H53.3 B"
    )

    one = line("97110", "H53.1 H53.2")

    assert one.coverage.value is Value.NO
    assert one.coverage.sentence == (
        "0907 version 1 names 97110, exact code, as covered if criteria are met. Not covered with"
        " each of the diagnoses."
    )


# Contradictions


def test_rows_that_nothing_tells_apart_contradict_each_other():
    with_codes(
        f"CPT codes {COVERED}:\n\n97110 Lamp\n\nCPT codes {NOT_COVERED}:\n\n97000 - 97999 All"
    )

    one = line("97110")

    (found,) = one.contradictions
    assert (found.is_between, found.is_told_apart) == (False, False)
    assert found.sentence == (
        "0907 version 1 names 97110 as covered if criteria are met (code row 1, “CPT codes covered"
        " if selection criteria are met”) and as not covered (code row 2, “CPT codes not covered"
        " for indications listed in the CPB”). Nothing in these rows tells them apart: the text of"
        " the bulletin decides."
    )
    assert [place.anchor for place in found.sources] == ["code-row-1", "code-row-2"]
    assert one.coverage.value is Value.CONFLICT


def test_scopes_that_tell_rows_apart_are_said():
    with_codes(
        f"Floors:\n\nCPT codes {COVERED}:\n\n97110 Lamp\n\n"
        f"Desks:\n\nCPT codes {NOT_COVERED}:\n\n97110 Lamp"
    )

    one = line("97110")

    (found,) = one.contradictions
    assert found.is_told_apart
    assert found.sentence.endswith("Their scopes tell them apart: “Desks” and “Floors”.")
    assert one.coverage.value is Value.CONDITIONAL


def test_brackets_that_tell_rows_apart_are_said():
    with_codes(
        f"CPT codes {COVERED}:\n\n97110 Lamp [adults]\n\n"
        f"CPT codes {NOT_COVERED}:\n\n97110 Lamp [children]"
    )

    (found,) = line("97110").contradictions

    assert found.sentence.endswith("Their brackets say more: [adults] [children].")


def test_a_diagnosis_under_opposite_stances_contradicts_itself():
    with_codes(
        f"CPT codes {COVERED}:\n\n97110 Lamp\n\nICD-10 codes {COVERED}:\n\nH53.1 Blur\n\n"
        f"ICD-10 codes {NOT_COVERED}:\n\nH53.0 - H53.9 Eyes"
    )

    one = line("97110", "H53.1")

    assert [found.code for found in one.contradictions] == ["H53.1"]
    assert one.bulletins[0].pairs[0].follows is Follows.CONFLICT
    assert one.coverage.value is Value.CONFLICT


def test_bulletins_that_differ_are_named_with_both_places():
    with_codes(f"CPT codes {COVERED}:\n\n97110 Lamp")
    with_codes(f"CPT codes {NOT_COVERED}:\n\n97110 Candle", number="0908", title="Candles")

    one = line("97110")

    (found,) = one.contradictions
    assert found.is_between
    assert found.sentence == (
        "Bulletins differ on 97110: 0907 version 1, Lamps, names it as covered if criteria are met"
        " (code row 1, “CPT codes covered if selection criteria are met”); 0908 version 1, Candles,"
        " names it as not covered (code row 1, “CPT codes not covered for indications listed in the"
        " CPB”). Each speaks of its own subject: read both."
    )
    assert [str(place.version) for place in found.sources] == ["0907 v1", "0908 v1"]
    assert one.coverage.value is Value.CONFLICT


def test_bulletins_that_name_a_code_as_related_contradict_nothing():
    with_codes(f"CPT codes {COVERED}:\n\n97110 Lamp")
    with_codes("Other CPT codes related to the CPB:\n\n97110 Candle", number="0908")

    one = line("97110")

    assert one.contradictions == ()
    assert one.coverage.value is Value.CONDITIONAL


# Absence, and what is not stated


def test_absence_is_said_in_words():
    published()

    one = line("97545")

    assert one.absence == (
        "No bulletin in effect names 97545. That does not say that it is covered or not: the plan"
        " document decides. An open list does not make an unlisted code covered."
    )
    assert (one.coverage.value, one.coverage.sentence) == (Value.UNKNOWN, one.absence)
    assert one.documentation.value is Value.UNKNOWN


def test_a_version_that_named_the_code_on_another_day_is_told():
    published(effective_from=date(2026, 6, 1))

    one = line("97110")

    assert one.bulletins == ()
    (told,) = one.elsewhere
    assert told == (
        "0907: no version, because this line of business goes by date of service (2026-03-02) and"
        " no version is in effect on that day for Medicaid managed care in TX. Version 1 would name"
        " 97110."
    )


def test_a_version_without_a_stated_day_may_govern_and_settles_nothing():
    published(effective_from=None)

    one = line("97110", "S13.4XXA")

    (bulletin,) = one.bulletins
    assert not bulletin.governs
    assert [hit.sentence for hit in bulletin.hits] == ["exact code"]
    assert one.coverage.value is Value.UNKNOWN
    assert one.coverage.sentence == (
        "No version is known to govern. 0907: no version, because this line of business goes by"
        " date of service (2026-03-02) and version 1 states no effective date."
    )


def test_a_day_of_service_that_is_not_stated_is_not_guessed():
    published()

    one = line("97110", on=None)

    assert not one.bulletins[0].governs
    assert "the date of service is not stated" in one.coverage.sentence
    assert one.authorization.sentence == (
        "The date of service is not stated, so no row of the authorization list can be chosen."
    )


def test_a_line_of_business_decides_which_version_governs():
    published(lines_of_business=["medicaid"])

    assert line("97110").bulletins[0].governs
    assert line("97110", line_of_business="marketplace").bulletins == ()


# Diagnoses alone


def test_diagnoses_alone_are_the_lines():
    published()

    answer = ask("", "S13.4XXA H53.2")

    assert [one.code.display for one in answer.lines] == ["S13.4XXA", "H53.2"]
    assert [one.coverage.value for one in answer.lines] == ["no", "unknown"]
    assert answer.lines[0].authorization.sentence == (
        "Authorization is asked for services, not for diagnoses."
    )


def test_bulletins_on_different_services_may_differ_on_a_diagnosis():
    with_codes(f"ICD-10 codes {COVERED}:\n\nH53.2 Double")
    with_codes(f"ICD-10 codes {NOT_COVERED}:\n\nH53.2 Double", number="0908")

    (one,) = ask("", "H53.2").lines

    assert one.contradictions == ()


# Documentation


def test_documentation_is_what_the_governing_version_asks_for():
    data = lamps().replace(
        b"  5. Related Policies",
        b"  5. Documentation Requirements\n\n    A photograph.\n\n  6. Related Policies",
    )
    version = published(data)

    said = line("97110").documentation

    criteria = version.criteria.filter(children__isnull=True).count()
    assert said.value is Value.YES
    assert said.sentence == (
        "0907 version 1 asks for documentation by its section “Documentation Requirements” and for"
        f" each of its {criteria} criteria."
    )
    section = version.sections.get(heading__startswith="Documentation")
    assert [place.anchor for place in said.sources][0] == section.anchor


# Authorization


def test_authorization_is_unknown_without_a_list():
    published()

    said = line("97110").authorization

    assert said.value is Value.UNKNOWN
    assert said.sentence == (
        "No authorization list is loaded, so nothing says whether 97110 needs any."
    )


@pytest.mark.parametrize(
    ("requirement", "value"),
    [
        (Requirement.PRIOR_AUTHORIZATION, "yes"),
        (Requirement.NOTIFICATION, "notification"),
        (Requirement.NOT_REQUIRED, "no"),
    ],
)
def test_authorization_is_what_the_list_says_whatever_the_policy_says(requirement, value):
    source = AuthorizationList.objects.create(name="List", entered_at=AT)
    AuthorizationRule.objects.create(
        source=source, system="CPT", low="97545", high="97545", lower="97545", upper="97545",
        requirement=requirement, valid_from=date(2026, 1, 1),
    )  # fmt: skip

    one = line("97545")

    assert (one.authorization.value, one.coverage.value) == (value, "unknown")
    assert [rule.printed for rule in one.authorization.rules] == ["97545"]


# The whole


def test_every_source_names_its_version_place_and_hash():
    version = published()

    facts = as_json(ask("97110", "S13.4XXA"), read_pasted("97110", "S13.4XXA"))

    (one,) = facts["lines"]
    assert [place["anchor"] for place in one["coverage"]["sources"]] == ["code-row-1", "code-row-3"]
    assert {place["content_hash"] for place in one["coverage"]["sources"]} == {version.content_hash}
    assert one["coverage"]["sources"][0]["address"] == "/policies/0907/v1#code-row-1"


def test_queries_do_not_grow_with_the_question():
    with_codes(SCOPED)
    for number in range(910, 916):
        with_codes(SCOPED, number=f"0{number}")
    load("CPT", "97110", "97112")

    few = queries_in(lambda: ask("97110", "H53.1"))
    many = queries_in(
        lambda: ask("97110 97112 97113 97114 97116 97545 97546", "H53.1 H53.2 H53.3 S13.4XXA M54.5")
    )

    assert few == many
    assert few <= 13
