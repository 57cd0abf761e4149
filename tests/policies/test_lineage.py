"""What became of each criterion from one version of a bulletin to the next."""

import pytest

from policies.comparison import compare, editions_of
from policies.comparison.lineage import gone
from policies.imports.bulletins import import_bulletin
from policies.imports.demonstration import DEMO
from policies.imports.flat import flatten
from policies.imports.lineage import Lineage, earlier_version, stored_edition
from policies.imports.parts import store_parts
from policies.imports.spans import spans_of
from policies.models import CodeGroup, Criterion, Section, Version
from policies.publishing import publish
from policies.reading import read
from tests.policies.library import AT, draft, lamps, person, published

pytestmark = pytest.mark.django_db

DIARY = "The member has read for an hour on each day of a month and has kept a diary of the pages."
HOUR, PAGES = DIARY.split(" and ")[0] + ".", "The member has kept a diary of the pages."


def listed(*texts):
    return "\n      ".join(f"{number}. {text}" for number, text in enumerate(texts, 1))


def version(*texts, **options):
    """A draft whose first section asks for all of these."""
    return draft(lamps(criteria=listed(*texts), **options))


def at(of, anchor):
    return Criterion.objects.get(version=of, anchor=f"criteria-I-{anchor}")


def fates(of):
    rows = Criterion.objects.filter(version=of, anchor__startswith="criteria-I-")
    return {one.anchor.removeprefix("criteria-I-"): one.fate for one in rows}


# Fates


def test_nothing_is_said_where_no_version_was_before():
    first = version("The room is dark.", "The member reads.")

    assert set(Criterion.objects.filter(version=first).values_list("fate", "split_from")) == {
        ("", None)
    }


def test_the_same_words_go_on_as_before():
    first = version("The room is dark.", "The member reads.")
    second = version("The room is dark.", "The member reads.", background="Lamps are cold.")

    assert fates(second) == {"A": "same", "B": "same"}
    assert at(second, "A").identity == at(first, "A").identity


def test_white_space_signs_and_a_connector_are_no_other_words():
    version("The room is dark", "The member reads.")
    second = version("The room  is dark; and", "The member reads!")

    assert fates(second) == {"A": "same", "B": "same"}


def test_another_connector_is_other_words():
    version("The room is dark; and", "The member reads.")
    second = version("The room is dark; or", "The member reads.")

    assert fates(second)["A"] == "reworded"


def test_reworded_criterion_keeps_its_identity():
    first = version("The room is dark at night.", "The member reads.")
    second = version("The room is very dark at night.", "The member reads.")

    assert fates(second) == {"A": "reworded", "B": "same"}
    assert at(second, "A").identity == at(first, "A").identity


def test_moved_criterion_keeps_its_identity():
    first = version("The room is dark.", "The member reads.", "Nobody sleeps here.")
    second = version("Nobody sleeps here.", "The room is dark.", "The member reads.")

    assert fates(second) == {"A": "moved", "B": "same", "C": "same"}
    assert at(second, "A").identity == at(first, "C").identity


def test_split_criterion_leaves_its_identity_to_the_part_that_carries_most():
    first = version("The room is dark.", DIARY)
    second = version("The room is dark.", HOUR, PAGES)

    earlier, hour, pages = at(first, "B"), at(second, "B"), at(second, "C")

    assert fates(second) == {"A": "same", "B": "split", "C": "split"}
    assert hour.identity == earlier.identity
    assert pages.identity != earlier.identity
    assert hour.split_from == pages.split_from == earlier.identity


def test_of_two_that_were_joined_the_one_that_gives_most_goes_on():
    first = version("The room is dark.", HOUR, PAGES)
    second = version("The room is dark.", DIARY)

    assert fates(second) == {"A": "same", "B": "reworded"}
    assert at(second, "B").identity == at(first, "B").identity
    assert gone(stored_edition(first), stored_edition(second)) == ["criteria-I-C"]


def test_new_and_gone_criteria_share_no_identity():
    first = version("The room is dark.", "The member reads.")
    second = version("The room is dark.", "Candles were tried for a month.")

    earlier, later = stored_edition(first), stored_edition(second)

    assert fates(second) == {"A": "same", "B": "new"}
    assert gone(earlier, later) == ["criteria-I-B"]
    assert at(second, "B").identity not in {one.identity for one in earlier.links.values()}


def test_logic_that_stands_only_in_a_heading_goes_on():
    text = lamps().replace(
        b"    A lamp is medically necessary when all of the following criteria are met:\n\n", b""
    )
    first, second = draft(text), draft(text.replace(b"Lamps are warm", b"Lamps are cold"))

    stated = Criterion.objects.filter(anchor="medical-necessity", parent=None)

    assert {one.version_id for one in stated} == {first.pk, second.pk}
    assert len({one.identity for one in stated}) == 1


def test_identity_survives_three_versions_with_other_words_and_another_place():
    first = version("The room is dark at night.", "The member reads.", "Nobody sleeps here.")
    second = version("The room is very dark at night.", "The member reads.", "Nobody sleeps here.")
    third = version("The member reads.", "Nobody sleeps here.", "The room is very dark at night.")

    assert at(second, "A").identity == at(third, "C").identity == at(first, "A").identity
    assert [at(second, "A").fate, at(third, "C").fate] == ["reworded", "moved"]
    assert [at(third, "A").fate, at(third, "B").fate] == ["same", "same"]


# The version before


def test_a_version_goes_on_from_the_newest_published_one():
    first = published(lamps(criteria=listed("The room is dark.")))
    version("The room is bright and wide.", background="Never published.")
    third = version("The room is dark.", background="Lamps are cold.")

    assert earlier_version(third) == first
    assert at(third, "A").identity == at(first, "A").identity


def test_before_any_is_published_it_goes_on_from_the_draft_before_it():
    version("The room is dark.")
    second = version("The room is bright.")
    third = version("The room is wide.")

    assert earlier_version(third) == second


def test_a_publication_after_the_import_changes_nothing_of_it():
    first = published(lamps(criteria=listed("The room is dark.")))
    second = draft(lamps(criteria=listed("The room is bright.")), origin=Version.Origin.IMPORT)
    third = version("The room is wide.")

    later = AT.replace(hour=23)
    publish(version=second, effective_from=later.date(), by=None, at=later)

    assert earlier_version(third) == first


# The comparison


def rows_of(before, after):
    comparison = compare(*editions_of(before, after))
    return {row.places: row.fate for part in comparison.parts for row in part.rows}


def test_the_comparison_follows_the_lineage_against_the_words():
    first = version("The room is dark.", "The member reads at night.")
    second = version("The room is dark.", "The member reads at night, slowly.")
    Criterion.objects.filter(pk=at(second, "B").pk).update(
        identity="00000000-0000-4000-8000-000000000001", fate="new"
    )

    rows = rows_of(first, second)

    assert rows["I.B", ""] == "gone"
    assert rows["", "I.B"] == "new"


def test_the_comparison_shows_all_parts_of_a_statement():
    first = version("The room is dark.", "The member reads.")
    second = version("The room is dark.", "The member reads.", "Nobody sleeps.", "Candles failed.")
    origin = at(first, "B").identity
    parts = Criterion.objects.filter(pk__in=[at(second, one).pk for one in "BCD"])
    parts.update(split_from=origin, fate="split")

    assert rows_of(first, second)["I.B", "I.B and I.C and I.D"] == "split"


def test_versions_that_do_not_follow_each_other_pair_by_lineage_and_then_by_words():
    first = version("The room is dark at night.", "The member reads.")
    version("The room is very dark at night.")
    third = version("The room is very dark at night now.", "The member reads.")

    rows = rows_of(first, third)

    assert rows["I.A", "I.A"] == "reworded"
    assert rows["I.B", "I.B"] == "kept"
    assert at(third, "B").fate == "new"


# Reading a draft again


def again(of, *texts):
    """The draft with other criteria, as when a line of its source was mended."""
    document = read(lamps(criteria=listed(*texts)), name="lamps.txt")
    fresh = draft(lamps(number="0999", criteria=listed(*texts)))
    lineage = Lineage.of_draft(of)
    of.content = fresh.content
    Section.objects.filter(version=of).delete()
    Criterion.objects.filter(version=of).delete()
    CodeGroup.objects.filter(version=of).delete()
    of.references.all().delete()
    store_parts(of, flatten(document), lineage=lineage)


def confirm(of, *anchors):
    ann = person("ann")
    for anchor in anchors:
        Criterion.objects.filter(pk=at(of, anchor).pk).update(confirmed_by=ann, confirmed_at=AT)


def test_confirmation_stays_only_where_text_and_rule_are_unchanged():
    of = version("The room is dark at night.", "The member reads.")
    confirm(of, "A", "B")

    again(of, "The room is dim at night.", "The member reads.")

    assert at(of, "A").confirmed_at is None
    assert at(of, "B").confirmed_at == AT


def test_a_rule_that_a_person_set_stays_where_its_words_are_the_same():
    of = version("One of these:\n        1. Red;\n        2. Green.", "The member reads.")
    Criterion.objects.filter(pk=at(of, "A").pk).update(rule="all")

    again(of, "One of these:\n        1. Red;\n        2. Green.", "The member sleeps.")

    assert at(of, "A").rule == "all"


def test_a_rule_is_read_anew_where_what_it_joins_has_changed():
    of = version("One of these:\n        1. Red;\n        2. Green.", "The member reads.")
    Criterion.objects.filter(pk=at(of, "A").pk).update(rule="all")
    confirm(of, "A")

    again(of, "One of these:\n        1. Red;\n        2. Blue.", "The member reads.")

    assert (at(of, "A").rule, at(of, "A").confirmed_at) == ("any", None)


def test_a_match_by_hand_outlives_another_reading():
    first = version("The room is dark.", "The member reads.")
    of = version("Lamps were lit for years.", "The member reads.")
    origin = at(first, "A").identity
    Criterion.objects.filter(pk=at(of, "A").pk).update(identity=origin, fate="reworded")

    again(of, "Lamps were lit for years.", "The member reads slowly.")

    assert (at(of, "A").identity, at(of, "A").fate) == (origin, "reworded")
    assert at(of, "B").fate == "reworded"


# Where a criterion stands in its section


def anchors_below(criterion):
    """Those of the list that interrupts a statement which goes on after it."""
    found = set()
    for child in criterion.children.all():
        found |= {child.anchor} | anchors_below(child)
    return found


@pytest.mark.parametrize("file", sorted((DEMO / "bulletins").glob("*.txt")), ids=lambda it: it.stem)
def test_span_cuts_the_criterion_out_of_its_section(file):
    of = import_bulletin(file.read_bytes(), name=file.name, at=AT).version
    wrong = []
    for one in of.criteria.filter(span_start__isnull=False):
        found = of.passages.filter(anchor__in=[one.anchor, one.anchor.rpartition("-all")[0]])
        passages = found.order_by("position")[0].section.passages.order_by("position")
        cut = "\n".join(it.text for it in passages)[one.span_start : one.span_end]
        below = {it.text for it in passages if it.anchor in anchors_below(one)}
        if "\n".join(line for line in cut.split("\n") if line not in below) != one.text:
            wrong.append(one.anchor)

    assert wrong == []
    unplaced = of.criteria.filter(span_start__isnull=True).values_list("anchor", flat=True)
    assert set(unplaced) <= set(of.sections.values_list("anchor", flat=True))


def test_span_of_a_statement_that_goes_on_after_its_list_takes_the_list_in():
    text = lamps(
        criteria="1. One of these:\n\n        1. Red;\n        2. Green.\n\n        All day."
    )
    document = read(text, name="lamps.txt")
    section = next(one for one in document.sections[0].children if one.kind == "medical_necessity")
    whole = "\n".join(block.text for block in section.blocks)

    start, end = spans_of(document)["criteria-I-A"]

    assert whole[start:end] == "One of these:\nRed;\nGreen.\nAll day."
