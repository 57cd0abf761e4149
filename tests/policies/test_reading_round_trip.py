"""Generated bulletins: what was planned is read, and survives being written out and read again."""

from hypothesis import HealthCheck, given, settings

from policies.reading import read
from tests.policies.bulletin_strategies import bulletins
from tests.policies.bulletin_writers import as_html, as_text
from tests.policies.test_reading_conservation import lost_lines

EXAMPLES = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def headings(sections):
    for one in sections:
        yield one.heading
        yield from headings(one.children)


def outline(sections):
    return [(one.heading, one.kind, one.anchor, one.ordinal, outline(one.children))
            for one in sections]  # fmt: skip


def criteria(some):
    return [(one.text, one.rule, one.at_least, criteria(one.children)) for one in some]


def groups(document):
    return [
        (group.heading, group.stance, group.open_list, group.scope,
         [([(one.low, one.high) for one in row.codes], row.description, row.full_description)
          for row in group.rows])
        for group in document.code_groups
    ]  # fmt: skip


def blocks(sections):
    for one in sections:
        yield one.anchor, [(block.kind, block.anchor, block.text) for block in one.blocks]
        yield from blocks(one.children)


@EXAMPLES
@given(bulletins())
def test_what_was_planned_is_read(plan):
    document = read(plan.text.encode())

    assert list(headings(document.sections)) == plan.headings
    assert criteria(document.criteria) == plan.criteria
    assert groups(document) == plan.groups
    assert document.not_understood == ()


@EXAMPLES
@given(bulletins())
def test_every_line_of_a_generated_bulletin_is_kept_or_reported(plan):
    assert lost_lines(plan.text.encode()) == []


@EXAMPLES
@given(bulletins())
def test_a_document_written_as_text_is_read_the_same(plan):
    first = read(plan.text.encode())
    again = read(as_text(first).encode())

    assert outline(again.sections) == outline(first.sections)
    assert list(blocks(again.sections)) == list(blocks(first.sections))
    assert again.criteria == first.criteria
    assert again.code_groups == first.code_groups
    assert (again.legends, again.references) == (first.legends, first.references)


@EXAMPLES
@given(bulletins())
def test_a_document_written_as_html_is_read_the_same(plan):
    first = read(plan.text.encode())
    again = read(as_html(first).encode())

    assert outline(again.sections) == outline(first.sections)
    assert again.criteria == first.criteria
    assert again.code_groups == first.code_groups
    assert (again.legends, again.references) == (first.legends, first.references)
    assert again.not_understood == ()
