"""Documents: filed once each, with their events; set aside with a reason; attention noted."""

import hashlib
from datetime import timedelta

import pytest

from reviewer.demonstration.papers import pdf
from reviewer.models import Attention, DocumentContent, Event
from reviewer.workflow.attention import attention_of, never_opened, readers_of
from reviewer.workflow.documents import (
    add_document,
    content_of,
    note_attention,
    read_file,
    receipt_of,
    set_aside,
    store_content,
)
from reviewer.workflow.errors import Refused
from tests import factories
from tests.reviewer.review_rows import answer

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_(cast):
    return factories.make_claimed(cast)


def events(request, name):
    return request.events.filter(name=name)


def stored(cast, data, by=None):
    reading = read_file(data, name="x")
    return store_content(data=data, reading=reading, by=by or cast.nurse, at=factories.now())


def test_a_document_keeps_its_bytes_their_hash_and_the_words_of_its_pages(cast, request_):
    data = pdf(["First page", "Second page"])

    document = factories.make_document(cast, request_, data=data)

    content = DocumentContent.objects.get(pk=document.content_id)
    assert bytes(content.data) == data
    assert content.sha256 == hashlib.sha256(data).hexdigest()
    assert (content.media_type, content.page_count) == ("application/pdf", 2)
    assert [page.text.strip() for page in content.pages.all()] == ["First page", "Second page"]


def test_adding_says_so_on_the_timeline_and_moves_no_clock(cast, request_):
    before = request_.decision_due_at

    document = factories.make_document(cast, request_, title="Evaluation")

    event = events(request_, Event.Name.DOCUMENT_ADDED).get()
    assert event.get_name_display() == "Document added"
    assert event.sentence.startswith("Evaluation, 3 pages, dated")
    assert event.after == {"document": document.pk, "sha256": document.content.sha256}
    request_.refresh_from_db()
    assert request_.decision_due_at == before


def test_a_date_that_is_not_stated_stays_so(cast, request_):
    document = factories.make_document(cast, request_, dated_on=None)

    assert document.dated_on is None
    assert "date not stated" in events(request_, Event.Name.DOCUMENT_ADDED).get().sentence


def test_the_same_bytes_are_refused_with_where_they_are(cast, request_):
    factories.make_document(cast, request_, title="Evaluation of June")

    with pytest.raises(Refused, match="as “Evaluation of June”, added .* by Rosa Okafor"):
        factories.make_document(cast, request_, title="Another")

    assert request_.documents.count() == 1


def test_the_same_bytes_go_to_another_request_and_are_stored_once(cast, request_):
    one = factories.make_document(cast, request_)
    other = factories.make_document(cast)

    assert one.content_id == other.content_id
    assert one.request_id != other.request_id


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"received_at": factories.now() + timedelta(days=1)}, "not received in the future"),
        ({"dated_on": factories.now().date() + timedelta(days=3)}, "not of a day to come"),
        ({"kind": "other", "title": " "}, "what kind of document"),
    ],
)
def test_what_cannot_be_is_refused(facts, sentence, cast, request_):
    with pytest.raises(Refused, match=sentence):
        factories.make_document(cast, request_, **facts)


@pytest.mark.parametrize("role", ["auditor", "policy_editor", "administrator"])
def test_who_only_reads_adds_nothing(role, cast, request_):
    with pytest.raises(Refused, match="Only an? "):
        factories.make_document(cast, request_, by=getattr(cast, role))


def test_out_of_scope_nothing_is_added(cast, request_):
    with pytest.raises(Refused, match="no such request"):
        factories.make_document(cast, request_, by=cast.other_nurse)


def test_a_receipt_is_good_for_who_sent_the_bytes_alone(cast):
    content = stored(cast, b"Words of a note.")
    receipt = receipt_of(content, cast.nurse)

    assert content_of(receipt, cast.nurse) == content
    with pytest.raises(Refused, match="Someone else sent"):
        content_of(receipt, cast.intake)
    with pytest.raises(Refused, match="not known"):
        content_of(f"{receipt[:-1]}x", cast.nurse)


def test_a_document_set_aside_stays_with_its_reason(cast, request_):
    document = factories.make_document(cast, request_)

    set_aside(document=document, reason="Another member's.", by=cast.nurse, at=factories.now())

    document = request_.documents.told().get()
    assert document.is_set_aside
    assert document.set_aside.reason == "Another member's."
    assert not request_.documents.in_use().exists()
    said = events(request_, Event.Name.DOCUMENT_SET_ASIDE).get().sentence
    assert said == "Progress note: Another member's."


def test_setting_aside_wants_a_reason_and_happens_once(cast, request_):
    document = factories.make_document(cast, request_)
    with pytest.raises(Refused, match="why"):
        set_aside(document=document, reason=" ", by=cast.nurse, at=factories.now())
    set_aside(document=document, reason="Not hers.", by=cast.nurse, at=factories.now())

    with pytest.raises(Refused, match="was set aside already by Rosa Okafor: Not hers"):
        set_aside(document=document, reason="Again.", by=cast.nurse, at=factories.now())


def test_a_document_that_an_answer_points_to_is_not_set_aside(cast, request_):
    document = answer(request_, factories.make_version(cast), cast.nurse).document

    with pytest.raises(Refused, match="Answers to criteria point to"):
        set_aside(document=document, reason="Not hers.", by=cast.nurse, at=factories.now())


def look(request, by, at=None, **what):
    note_attention(request=request, by=by, at=at or factories.now(), **what)


def test_attention_counts_each_page_once_an_hour(cast, request_):
    document, at = factories.make_document(cast, request_), factories.now()
    for minutes in (0, 5, 59, 61):
        look(request_, cast.nurse, at + timedelta(minutes=minutes), document=document, page=2)

    assert [row.at for row in Attention.objects.all()] == [at, at + timedelta(minutes=61)]
    [opened] = attention_of(request_, cast.nurse)
    assert (opened.document, opened.opened, opened.of) == (document, 1, 3)
    assert (opened.first_at, opened.last_at) == (at, at + timedelta(minutes=61))


def test_what_nobody_opened_is_known_for_each_person(cast, request_):
    read, unread = (
        factories.make_document(cast, request_, pages=[title], title=title) for title in ("A", "B")
    )
    look(request_, cast.nurse, document=read, page=1)

    assert never_opened(request_, cast.nurse) == [unread]
    assert never_opened(request_, cast.physician) == [read, unread]
    assert [one.opened for one in attention_of(request_, cast.physician)] == [0, 0]


def test_what_was_set_aside_need_not_be_opened(cast, request_):
    document = factories.make_document(cast, request_)
    set_aside(document=document, reason="Not hers.", by=cast.nurse, at=factories.now())

    assert never_opened(request_, cast.nurse) == []


def test_attention_to_passages_stands_beside_that_to_pages(cast, request_):
    version = factories.make_version(cast)
    passage = version.passages.first()
    look(request_, cast.physician, version=version, passage=passage)
    look(request_, cast.physician, version=version)
    look(request_, cast.physician, version=version)

    [reader] = readers_of(request_)
    assert reader.reviewer == cast.physician
    assert [(one.version, one.passage) for one in reader.passages] == [
        (version, passage),
        (version, None),
    ]


def test_a_page_that_is_not_there_is_not_noted(cast, request_):
    document = factories.make_document(cast, request_)
    with pytest.raises(Refused, match="not of this case"):
        look(request_, cast.nurse, document=document, page=4)


def test_adding_again_past_the_check_is_refused_by_the_database(cast, request_, monkeypatch):
    document = factories.make_document(cast, request_)
    monkeypatch.setattr("reviewer.workflow.documents.filed_already", lambda *_: None)

    with pytest.raises(Refused, match="in the file of the request already"):
        add_document(
            request=request_,
            content=document.content,
            kind="letter",
            title="Again",
            dated_on=None,
            received_at=factories.now(),
            by=cast.nurse,
            at=factories.now(),
        )
