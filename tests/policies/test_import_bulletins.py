"""Bulletins from files: stored whole or not at all, repeatable, with proposed stance types."""

import json
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from django.db import DataError

from policies.imports import bulletins, stance_types
from policies.imports.bulletins import import_bulletin
from policies.imports.content import reading_of
from policies.models import Bulletin, CodeSpan, Criterion, Passage, Section, StanceType, Version
from policies.reading import NotABulletin, read
from tests.policies.library import AT, CODES, draft, lamps, person, published

DEMO = sorted((Path(__file__).parents[2] / "policies" / "demo" / "bulletins").glob("*.txt"))
pytestmark = pytest.mark.django_db


def stored(version):
    related = {
        "sections": version.sections,
        "passages": version.passages,
        "criteria": Criterion.objects.filter(version=version),
        "spans": CodeSpan.objects.filter(version=version),
    }
    return {name: some.count() for name, some in related.items()}


def test_an_import_is_a_draft_with_its_file_kept():
    version = draft(lamps(), name="lamps.txt")

    assert (version.status, version.origin, version.ordinal) == ("draft", "library", 1)
    assert (version.source_name, bytes(version.source_bytes)) == ("lamps.txt", lamps())
    assert version.source_sha256 == sha256(lamps()).hexdigest()
    assert (version.bulletin.number, version.bulletin.title) == ("0907", "Lamps")
    assert version.effective_stated is None


@pytest.mark.parametrize("codes", [CODES, CODES + "97111 97112 Lamps\n"])
def test_what_an_import_returns_is_what_is_stored(codes):
    version = draft(lamps(codes=codes), lines_of_business=["medicaid"], jurisdictions=["TX"])

    kept = Version.objects.get(pk=version.pk)

    for field in Version._meta.concrete_fields:
        value = getattr(kept, field.attname)
        assert (bytes(value) if isinstance(value, memoryview) else value) == getattr(
            version, field.attname
        ), field.name
    assert isinstance(kept.not_understood, list)
    version.notice_days = 3
    version.save()
    assert Version.objects.get().notice_days == 3


def test_every_part_is_stored_under_its_anchor_and_place():
    version = draft()

    assert list(version.sections.values_list("anchor", "parent__anchor", "label"))[:3] == [
        ("policy", None, ""),
        ("scope", "policy", ""),
        ("medical-necessity", "policy", "I"),
    ]
    assert version.passages.get(anchor="limitations-1").section.anchor == "limitations"
    criteria = Criterion.objects.filter(version=version)
    assert list(criteria.values_list("anchor", "parent__anchor", "rule", "depth")) == [
        ("medical-necessity-1", None, "all", 1),
        ("criteria-I-A", "medical-necessity-1", "list", 2),
        ("criteria-I-B", "medical-necessity-1", "list", 2),
    ]


@pytest.mark.parametrize("path", DEMO, ids=lambda path: path.stem)
def test_what_is_stored_is_what_was_read(path):
    document = read(path.read_bytes())

    version = draft(path.read_bytes(), name=path.name)

    def walk(some):
        for one in some:
            yield one
            yield from walk(one.children)

    sections = list(walk(document.sections))
    blocks = [block for section in sections for block in section.blocks]
    spans = [span for group in document.code_groups for row in group.rows for span in row.codes]
    kept = version.passages.values_list("anchor", "text", "label", "depth", "kind")
    assert list(version.sections.values_list("anchor", flat=True)) == [s.anchor for s in sections]
    assert list(kept) == [(b.anchor, b.text, b.label, b.depth, b.kind) for b in blocks]
    assert stored(version)["criteria"] == len(list(walk(document.criteria)))
    assert list(CodeSpan.objects.filter(version=version).values_list("low", "high")) == [
        (span.low, span.high) for span in spans
    ]
    assert reading_of(version) == document


def test_content_is_canonical_and_hashed():
    version = draft(lines_of_business=["medicaid", "commercial_insured"], jurisdictions=["TX"])

    content = json.loads(version.content)

    assert list(content) == ["jurisdictions", "lines_of_business", "reading", "stance_types"]
    assert content["lines_of_business"] == ["commercial_insured", "medicaid"]
    assert content["reading"] == read(lamps()).as_json()
    assert version.content_hash == sha256(version.content.encode()).hexdigest()


@pytest.mark.parametrize(
    ("anchor", "stance_type"),
    [
        ("scope-1", ""),
        ("medical-necessity-1", "medical_necessity"),
        ("criteria-I-A", "medical_necessity"),
        ("limitations-1", "benefit_exclusion"),
        ("experimental-1", "experimental"),
        ("cosmetic-1", "cosmetic"),
        ("related-1", ""),
        ("background-1", ""),
        ("references-1", ""),
    ],
)
def test_stance_type_is_proposed_from_the_section(anchor, stance_type):
    assert draft().passages.get(anchor=anchor).stance_type == stance_type


def test_every_stance_type_that_is_proposed_is_one():
    assert set(stance_types._STANCE_TYPES.values()) <= set(StanceType.values)


def test_stance_type_comes_from_the_nearest_section_above():
    text = lamps().replace(
        b"Table:\n", b"Criteria for Initial Approval\n\nA form is sent in.\n\nTable:\n"
    )
    version = draft(text)

    assert version.passages.get(text="A form is sent in.").stance_type == "medical_necessity"


def test_the_same_bytes_are_stored_once():
    first = import_bulletin(lamps(), name="a.txt", at=AT, change_note="Lamps.")
    second = import_bulletin(lamps(), name="b.txt", at=AT)

    assert (first.is_new, second.is_new) == (True, False)
    assert first.version == second.version
    assert Version.objects.count() == 1
    assert second.version.source_name == "a.txt"


def test_other_bytes_are_the_next_version():
    published()

    second = draft(lamps(limitation="No lamp is covered."))

    assert (second.ordinal, second.status, second.bulletin.number) == (2, "draft", "0907")
    assert Bulletin.objects.count() == 1


def test_leading_zeros_tell_bulletins_apart():
    assert draft(lamps(number="0907")).bulletin != draft(lamps(number="907")).bulletin


def test_a_criterion_whose_text_goes_on_keeps_its_identity():
    first = draft()
    text = "1. The lamp is new; and\n      2. The room is dark; and\n      3. The member reads."

    second = draft(lamps(criteria=text))

    before = dict(Criterion.objects.filter(version=first).values_list("text", "identity"))
    after = dict(Criterion.objects.filter(version=second).values_list("text", "identity"))
    assert after["The room is dark; and"] == before["The room is dark; and"]
    assert after["The member reads."] == before["The member reads."]
    assert after["The lamp is new; and"] not in before.values()


def test_criteria_with_the_same_words_keep_their_places():
    twice = "1. Adult; or\n      2. Reader; or\n      3. Adult."
    first = draft(lamps(criteria=twice))
    second = draft(lamps(criteria=twice, background="Lamps are cold."))

    identities = [
        list(Criterion.objects.filter(version=version).values_list("anchor", "identity"))
        for version in (first, second)
    ]

    assert identities[0] == identities[1]
    assert len({identity for _, identity in identities[0]}) == len(identities[0])


def test_one_identity_is_handed_down_once():
    first = draft(lamps(criteria="1. Adult."))
    second = draft(lamps(criteria="1. Reader; or\n      2. Adult; or\n      3. Adult."))

    adult = Criterion.objects.get(version=first, text="Adult.").identity

    later = list(Criterion.objects.filter(version=second).values_list("identity", flat=True))
    assert later.count(adult) == 1


@pytest.mark.parametrize(
    ("heading", "cell", "system"),
    [
        ("CPT codes covered if selection criteria are met", "97110", "CPT"),
        ("CPT codes covered if selection criteria are met", "S9117", "HCPCS"),
        ("HCPCS codes not covered for indications listed in the CPB", "97110", "CPT"),
        ("ICD-10 codes covered if selection criteria are met", "Z51.89", "ICD-10-CM"),
        ("CPT and HCPCS codes covered if selection criteria are met", "E0601", "HCPCS"),
        ("CPT and ICD-10 codes covered if selection criteria are met", "97110", "CPT"),
    ],
)
def test_a_code_is_filed_under_the_system_it_can_belong_to(heading, cell, system):
    version = draft(lamps(codes=f"{heading}:\n\n{cell} Lamp\n"))

    assert CodeSpan.objects.get(version=version, low=cell).system == system


def test_bounds_are_keys_in_order_of_characters():
    version = draft()

    bounds = CodeSpan.objects.filter(version=version).values_list("lower", "upper")

    assert list(bounds) == [
        ("97110", "97110"),
        ("97112", "97116~"),
        ("S0000X", "T889XX~"),
        ("Z98870", "Z9889~"),
    ]


def test_dates_come_from_the_text_or_from_beside_it():
    history = "\nPolicy History\n\nEffective: 01/15/2026\nNext Review: 02/01/2027\n"

    stated = draft(lamps(history=history))
    beside = draft(lamps(number="0908", history=history), effective=date(2026, 2, 1))

    assert (stated.effective_stated, stated.next_review) == (date(2026, 1, 15), date(2027, 2, 1))
    assert beside.effective_stated == date(2026, 2, 1)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"   \n",
        bytes(range(256)) * 8,
        b"Dear Sir or Madam,\n\nNothing follows.\n",
        b"%PDF-1.7",
    ],
    ids=["empty", "blank", "binary", "letter", "pdf"],
)
def test_what_is_no_bulletin_is_refused_in_one_sentence(data):
    with pytest.raises(NotABulletin) as refused:
        import_bulletin(data, name="x.txt", at=AT)

    assert "\n" not in str(refused.value)
    assert not Bulletin.objects.exists()


def test_what_does_not_fit_the_library_is_refused_whole():
    with pytest.raises(NotABulletin, match="longer than any bulletin's"):
        draft(lamps(title="Lamp " * 100))

    assert not Bulletin.objects.exists()


def test_a_paragraph_too_long_to_be_searched_is_refused_whole():
    words = " ".join(f"lamp{number}" for number in range(150_000))

    with pytest.raises(NotABulletin, match="longer than any bulletin's"):
        draft(lamps(background=words))

    assert not Bulletin.objects.exists()


def test_a_failure_in_the_middle_leaves_nothing(monkeypatch):
    def fail(*args, **options):
        raise DataError("no more")

    monkeypatch.setattr("policies.imports.parts._store_codes", fail)

    with pytest.raises(NotABulletin):
        draft()

    for model in (Bulletin, Version, Section, Passage, Criterion):
        assert not model.objects.exists()


def test_control_without_the_transaction_half_a_bulletin_would_stay(monkeypatch):
    def fail(*args, **options):
        raise LookupError

    monkeypatch.setattr("policies.imports.parts._store_codes", fail)
    monkeypatch.setattr(bulletins, "_store", bulletins._store.__wrapped__)

    with pytest.raises(LookupError):
        draft()

    assert Section.objects.exists()


def test_a_new_bulletin_takes_its_category_and_basis_and_keeps_them():
    draft(category="Light", effective_basis="receipt")
    draft(lamps(codes=CODES + "97530 Lamp\n"), category="Dark", effective_basis="processing")

    bulletin = Bulletin.objects.get()
    assert (bulletin.category, bulletin.effective_basis) == ("Light", "receipt")


def test_the_author_is_kept():
    ann = person("ann")

    assert draft(author=ann).author == ann


def test_an_import_takes_a_fixed_number_of_queries(django_assert_num_queries):
    draft()
    many = "\n".join(f"97{number:03} Lamp {number}" for number in range(200, 500))
    large = lamps(number="0910", codes=f"CPT codes related to the CPB:\n\n{many}\n")

    with django_assert_num_queries(19):
        draft(lamps(number="0909"))
    with django_assert_num_queries(19):
        draft(large)
