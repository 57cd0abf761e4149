"""Where the library leaves gaps: each question with what answers it and what does not."""

from collections import Counter
from datetime import date

import pytest

from policies import usage
from policies.coverage import easy_rules, oppositions, picture, uncited, unnamed
from policies.models import AuthorizationList, AuthorizationRule, Bulletin
from policies.usage import Decided, Period, Usage, used_in
from tests.policies.library import AT, draft, lamps, published
from tests.policies.pages import load, queries_in

pytestmark = pytest.mark.django_db
ON = date(2026, 3, 2)
COVERED = "CPT codes covered if selection criteria are met:\n\n{}\n"
REFUSED = "CPT codes not covered for indications listed in the CPB:\n\n{}\n"
LAMP = "97110 Lamp"


@pytest.fixture
def registry(monkeypatch):
    """An empty one, for the length of a test."""
    monkeypatch.setattr(usage, "_PROVIDERS", {})
    return usage


def bulletin(number, codes, **facts):
    return published(lamps(number=number, codes=codes), **facts)


def opposed(**facts):
    """Codes, the bulletin that covers them and the one that does not, and whether explained."""
    found, _ = oppositions(ON, **facts)
    return [
        (
            [code for _, code in one.codes],
            one.covered.version.bulletin.number,
            one.refused.version.bulletin.number,
            one.is_explained,
        )
        for one in found
    ]


# The registry


def test_the_counts_of_every_provider_are_added_up(registry):
    asked = []

    def provider(period):
        asked.append(period)
        return Usage(requested=Counter({("CPT", "97110"): 2}), cited=Counter({7: 1}))

    registry.register("lamps", provider)
    registry.register("candles", provider)
    period = Period(date(2026, 1, 1), ON)

    used = used_in(period)

    assert used.requested == {("CPT", "97110"): 4}
    assert used.cited == {7: 2}
    assert asked == [period, period]


def test_a_provider_registered_again_takes_the_place_of_the_first(registry):
    registry.register("lamps", lambda _: Usage(cited=Counter({7: 1})))
    registry.register("lamps", lambda _: Usage(cited=Counter({7: 5})))

    assert used_in(Period(ON, ON)).cited == {7: 5}


# Opposite stances


def test_a_code_covered_here_and_refused_there_is_found():
    bulletin("0901", COVERED.format(LAMP))
    bulletin("0902", REFUSED.format(LAMP))

    assert opposed() == [(["97110"], "0901", "0902", False)]


@pytest.mark.parametrize(
    ("covered", "refused", "shared"),
    [
        ("97112 - 97116 Walks", "97113 Walk", ["97113"]),
        ("97113 Walk", "97112 - 97116 Walks", ["97113"]),
        ("97112 - 97116 Walks", "97115 - 97120 Walks", ["97112 - 97116; 97115 - 97120"]),
        ("97112 - 97116 Walks", "97112 - 97116 Walks", ["97112 - 97116"]),
        ("97112 - 97116 Walks", "97117 - 97120 Walks", None),
        ("97110 Lamp", "97111 Lamp", None),
    ],
)
def test_ranges_are_held_against_codes_and_each_other(covered, refused, shared):
    bulletin("0901", COVERED.format(covered))
    bulletin("0902", REFUSED.format(refused))

    assert [codes for codes, *_ in opposed()] == ([shared] if shared else [])


def test_several_codes_of_the_same_two_tables_are_one_finding():
    bulletin("0901", COVERED.format("97110 Lamp\n97112 Walk"))
    bulletin("0902", REFUSED.format("97110 Lamp\n97112 Walk\n97116 Run"))

    assert opposed() == [(["97110", "97112"], "0901", "0902", False)]


def test_the_same_stance_and_the_same_bulletin_are_no_opposition():
    bulletin("0901", COVERED.format(LAMP) + "\n" + REFUSED.format(LAMP))
    bulletin("0902", COVERED.format(LAMP))

    assert opposed() == [(["97110"], "0902", "0901", False)]


def test_codes_merely_related_oppose_nothing():
    bulletin("0901", "Other CPT codes related to the CPB:\n\n97110 Lamp\n")
    bulletin("0902", REFUSED.format(LAMP))

    assert opposed() == []


def test_only_versions_that_hold_on_the_day_are_asked():
    bulletin("0901", COVERED.format(LAMP))
    bulletin("0902", REFUSED.format(LAMP), effective_from=date(2026, 6, 1))
    draft(lamps(number="0903", codes=REFUSED.format(LAMP)))
    bulletin("0904", REFUSED.format(LAMP), effective_from=None)

    assert opposed() == [(["97110"], "0901", "0904", False)]


def test_diagnoses_are_asked_for_by_themselves():
    icd = "ICD-10 codes {}:\n\nS13.4 Sprain\n"
    bulletin("0901", icd.format("covered if selection criteria are met"))
    bulletin("0902", icd.format("not covered for indications listed in the CPB"))

    assert opposed() == []
    assert opposed(of_diagnoses=True) == [(["S13.4"], "0901", "0902", False)]


def test_other_members_explain_it_and_it_stands_last():
    bulletin("0901", COVERED.format(LAMP), lines_of_business=["medicaid"])
    bulletin("0902", REFUSED.format(LAMP), lines_of_business=["marketplace"])
    bulletin("0903", REFUSED.format(LAMP))

    assert opposed() == [
        (["97110"], "0901", "0903", False),
        (["97110"], "0901", "0902", True),
    ]
    assert oppositions(ON)[0][1].apart == "They are for other lines of business."


def test_notes_in_brackets_are_told_beside_it():
    bulletin("0901", COVERED.format("97110 Lamp [only at night]"))
    bulletin("0902", REFUSED.format(LAMP))

    (found,), _ = oppositions(ON)

    assert found.covered_notes == ["only at night"]
    assert found.is_explained


def test_it_takes_two_queries_however_many_there_are(django_assert_num_queries):
    for number in range(4):
        bulletin(f"090{number}", (COVERED if number % 2 else REFUSED).format(LAMP))

    with django_assert_num_queries(2):
        assert len(opposed()) == 4


# Requested and named nowhere


def requested(**counts):
    """Usage in which codes were asked for: `c97110=3`."""
    return Usage(requested=Counter({("CPT", code[1:]): n for code, n in counts.items()}))


def test_codes_that_no_bulletin_names_are_told_the_most_requested_first():
    bulletin("0901", COVERED.format("97110 Lamp\n97112 - 97116 Walks"))
    load("CPT", "99213")
    used = requested(c97110=9, c97113=9, c97117=3, c99213=12)

    found = unnamed(used, ON)

    assert [(one.display, one.words, one.count) for one in found] == [
        ("99213", "Meaning of 99213", 12),
        ("97117", "", 3),
    ]


@pytest.mark.parametrize(
    ("count", "told"), [(1, "fewer than 3"), (2, "fewer than 3"), (3, "3"), (1200, "1,200")]
)
def test_small_counts_are_not_told(count, told):
    (one,) = unnamed(requested(c97110=count), ON)

    assert one.told == told


def test_a_version_that_does_not_hold_names_nothing():
    bulletin("0901", COVERED.format(LAMP), effective_from=date(2026, 6, 1))

    assert len(unnamed(requested(c97110=1), ON)) == 1


def test_a_code_of_another_system_is_another_code():
    bulletin("0901", "HCPCS codes covered if selection criteria are met:\n\nC1713 Screw\n")

    found = unnamed(Usage(requested=Counter({("ICD-10-CM", "C1713"): 1})), ON)

    assert len(found) == 1


def test_where_nothing_was_requested_nothing_is_unnamed():
    assert unnamed(Usage(), ON) == []


# Cited by nobody


def test_bulletins_that_nobody_cited_are_told():
    cited = bulletin("0901", COVERED.format(LAMP)).bulletin
    bulletin("0902", COVERED.format(LAMP))
    bulletin("0903", COVERED.format(LAMP), effective_from=date(2026, 6, 1))

    found = uncited(Usage(cited=Counter({cited.pk: 1})), ON)

    assert [one.bulletin.number for one in found] == ["0902"]


# Nearly always approved


def rule(low="97110", high=None, **facts):
    source, _ = AuthorizationList.objects.get_or_create(name="List", entered_at=AT)
    words = {
        "source": source, "system": "CPT", "low": low, "high": high or low, "lower": low,
        "upper": f"{high}~" if high else low, "requirement": "prior_authorization",
        "valid_from": date(2026, 1, 1),
    }  # fmt: skip
    return AuthorizationRule.objects.create(**words | facts)


def decided(approved, of, code="97110", line="medicaid", plan="Harbor", state="NY"):
    kind = Decided(("CPT", code), line, plan, state)
    return Usage(decided=Counter({kind: of}), approved=Counter({kind: approved}))


def easy(used, on=ON):
    return [(one.display, one.approved, one.decided) for one in easy_rules(used, on)]


@pytest.mark.parametrize(
    ("approved", "of", "is_easy"),
    [(10, 10, True), (9, 9, False), (19, 20, True), (18, 20, False), (94, 100, False),
     (95, 100, True)],
)  # fmt: skip
def test_ninety_five_of_a_hundred_and_ten_at_least_make_it_easy(approved, of, is_easy):
    rule()

    assert easy(decided(approved, of)) == ([("97110", approved, of)] if is_easy else [])


def test_a_range_of_the_list_counts_each_code_by_itself():
    rule("97112", "97116")

    assert easy(decided(10, 10, code="97113")) == [("97113", 10, 10)]
    assert easy(decided(10, 10, code="97117")) == []


@pytest.mark.parametrize(
    ("facts", "is_for"),
    [
        ({}, True),
        ({"line_of_business": "medicaid", "plan": "Harbor", "state": "NY"}, True),
        ({"line_of_business": "marketplace"}, False),
        ({"plan": "Other"}, False),
        ({"state": "NJ"}, False),
    ],
)
def test_only_lines_that_the_rule_is_for_are_counted(facts, is_for):
    rule(**facts)

    assert bool(easy(decided(10, 10))) == is_for


@pytest.mark.parametrize(
    "facts",
    [
        {"valid_from": date(2026, 3, 3)},
        {"valid_to": date(2026, 3, 1)},
        {"requirement": "notification"},
        {"requirement": "not_required"},
    ],
)
def test_only_prior_authorization_in_force_on_the_day_is_asked_about(facts):
    rule(**facts)

    assert easy(decided(10, 10)) == []


def test_a_code_that_is_on_no_list_is_not_easy():
    assert easy(decided(10, 10)) == []


# The picture


def drawn(used=None, missing=()):
    found, _ = oppositions(ON)
    return picture(used or Usage(), ON, opposed=found, missing=missing)


def test_every_bulletin_is_a_dot_in_its_category():
    first = bulletin("0901", COVERED.format(LAMP)).bulletin
    bulletin("0902", REFUSED.format(LAMP))
    bulletin("0903", COVERED.format(LAMP) + "\n" + REFUSED.format("97112 Walk"))
    bulletin("0904", "Other CPT codes related to the CPB:\n\n97110 Lamp\n")
    Bulletin.objects.filter(number__in=["0901", "0904"]).update(category="Light")

    seen = drawn(Usage(cited=Counter({first.pk: 12})))

    assert [
        (band.name, [(dot.look, dot.is_cited) for dot in band.dots]) for band in seen.bands
    ] == [
        ("Light", [("covered", True), ("neither", False)]),
        ("no category", [("refused", False), ("both", False)]),
    ]
    assert seen.bands[0].dots[0].words == (
        "0901 Lamps: cited 12 times; service codes covered 1, not covered 0"
    )
    assert (seen.bulletins, seen.cited) == (4, 1)


def test_an_arc_joins_two_that_say_opposite_things_once():
    bulletin("0901", COVERED.format(LAMP) + "\n" + REFUSED.format("97112 Walk"))
    bulletin("0902", REFUSED.format(LAMP) + "\n" + COVERED.format("97112 Walk"))

    seen = drawn()

    assert [(arc.words, arc.row) for arc in seen.arcs] == [("0901 and 0902 say opposite things", 1)]
    assert seen.pairs == 1


def test_a_code_named_nowhere_is_a_square_that_leads_to_it():
    missing = unnamed(requested(c97110=2), ON)

    (square,) = drawn(missing=missing).squares

    assert square.address == "/codes/cpt/97110/"
    assert square.words == "CPT 97110: requested fewer than 3 times, named nowhere"


def test_a_picture_of_many_takes_as_many_queries_as_one_of_few():
    bulletin("0901", COVERED.format(LAMP))
    few = queries_in(drawn)
    for number in range(40):
        bulletin(f"09{number + 10}", COVERED.format(LAMP))

    assert queries_in(drawn) == few
    assert len({(dot.x, dot.y) for band in drawn().bands for dot in band.dots}) == 41


def test_every_pair_is_counted_and_arcs_lead_only_to_rows_that_are_shown():
    bulletin("0901", COVERED.format(LAMP))
    bulletin("0902", REFUSED.format(LAMP))
    bulletin("0903", REFUSED.format(LAMP))
    found, _ = oppositions(ON)

    seen = picture(Usage(), ON, opposed=found, missing=(), rows=1)

    assert seen.pairs == 2
    assert [arc.row for arc in seen.arcs] == [1]
