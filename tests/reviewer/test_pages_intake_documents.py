"""Documents at intake: read at once, kept by the form, filed with the request or not at all."""

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from reviewer.demonstration.papers import pdf
from reviewer.models import Document, DocumentContent, Event, Request
from reviewer.views import intake as page_of_intake
from reviewer.workflow.documents import receipt_of
from tests import factories
from tests.reviewer.pages import post
from tests.reviewer.test_pages_intake import NEW, client, entered, text, typed

pytestmark = pytest.mark.django_db
__all__ = ["client", "typed"]  # fixtures of the page

NOTE = pdf(["Standing tolerance 20 minutes", "Plan"])
ORDER = b"Order: work hardening, 20 visits.\n"


def files(*pairs):
    return [SimpleUploadedFile(name, data) for name, data in pairs]


@pytest.fixture
def read(client, typed):
    """What a page that has read two files would send."""
    both = files(("note.pdf", NOTE), ("order.txt", ORDER))
    page = text(post(client, NEW, **typed | {"act": "files", "files": both}))
    receipts = re.findall(r'name="documents-\d+-receipt" value="([^"]+)"', page)
    assert len(receipts) == 2
    today = timezone.localdate().isoformat()
    return typed | {
        "documents-TOTAL_FORMS": "2",
        "documents-INITIAL_FORMS": "0",
        "documents-0-receipt": receipts[0],
        "documents-0-name": "note.pdf",
        "documents-0-kind": "progress_note",
        "documents-0-dated_on": today,
        "documents-1-receipt": receipts[1],
        "documents-1-name": "order.txt",
        "documents-1-kind": "order",
        "documents-1-title": "Order of Dr. Shore",
        "documents-1-is_not_stated": "on",
    }


def test_files_are_read_listed_and_not_filed_yet(client, typed):
    both = files(("note.pdf", NOTE), ("order.txt", ORDER))

    page = text(post(client, NEW, **typed | {"act": "files", "files": both}))

    assert "note.pdf <small" in page
    assert re.search(r"PDF, 2 pages, [\d.]+\s\w+</small>", page)
    assert "Text, 1 page, 34\xa0bytes" in page
    assert "Lumbar strain nine weeks ago." in page
    assert "Not entered yet." not in page
    assert (Document.objects.count(), Request.objects.count()) == (0, 0)


def test_they_are_filed_with_the_request_as_received_when_it_was(client, read, cast):
    post(client, NEW, **read)

    request = entered()
    note, order = request.documents.order_by("pk")
    assert (note.kind, note.title, note.dated_on) == (
        "progress_note", "Progress note", timezone.localdate()
    )  # fmt: skip
    assert (order.title, order.dated_on) == ("Order of Dr. Shore", None)
    assert note.received_at == order.received_at == request.received_at
    assert bytes(note.content.data) == NOTE
    assert note.added_by == cast.intake
    assert request.events.filter(name=Event.Name.DOCUMENT_ADDED).count() == 2


def test_a_refused_form_keeps_the_files(client, read):
    page = text(post(client, NEW, **read | {"lines-0-units": "0"}))

    assert read["documents-0-receipt"] in page
    assert read["documents-1-receipt"] in page
    assert "note.pdf" in page
    assert 'value="Order of Dr. Shore"' in page
    assert Document.objects.count() == 0


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"documents-0-kind": ""}, "Nothing is chosen under “Type”."),
        ({"documents-0-dated_on": ""}, "Enter its date, or say that it states none."),
        ({"documents-0-kind": "other"}, "Say in the title what kind of document it is."),
        ({"documents-0-receipt": "forged"}, "The file is not known any more."),
        ({"documents-0-is_not_stated": "on"}, "Either it has this date, or it states none."),
        (
            {"documents-0-dated_on": (timezone.localdate() + timedelta(days=3)).isoformat()},
            "A document is not of a day to come.",
        ),
    ],
)
def test_what_is_wrong_with_a_document_enters_nothing(client, read, wrong, words):
    page = text(post(client, NEW, **read | wrong))

    assert words in page
    assert "Not entered yet." in page
    assert (Document.objects.count(), Request.objects.count()) == (0, 0)


def test_a_document_of_somebody_else_is_not_filed(client, read, cast):
    other = factories.make_document(cast, data=b"Of another member").content
    before = Request.objects.count()

    page = text(post(client, NEW, **read | {"documents-0-receipt": receipt_of(other, cast.nurse)}))

    assert "Someone else sent this file." in page
    assert Request.objects.count() == before


def test_the_same_file_twice_is_listed_once(client, read):
    again = files(("copy.pdf", NOTE))

    page = text(post(client, NEW, **read | {"act": "files", "files": again}))

    assert "“copy.pdf” was chosen twice." in page
    assert 'name="documents-2-receipt"' not in page


def test_a_file_that_is_left_out_is_not_filed(client, read):
    post(client, NEW, **read | {"documents-0-is_left_out": "on"})

    assert [one.title for one in entered().documents.all()] == ["Order of Dr. Shore"]


def test_a_file_that_cannot_be_read_is_told_and_the_rest_stays(client, typed):
    both = files(("broken.pdf", b"%PDF-1.7 broken"), ("order.txt", ORDER))

    page = text(post(client, NEW, **typed | {"act": "files", "files": both}))

    assert "“broken.pdf” " in page
    assert "order.txt" in page
    assert DocumentContent.objects.count() == 1


@pytest.mark.parametrize("act", ["enter", "find", "line", "look"])
def test_chosen_files_are_read_whatever_button_was_pressed(client, typed, act):
    page = text(post(client, NEW, **typed | {"act": act, "files": files(("order.txt", ORDER))}))

    assert 'name="documents-0-receipt"' in page
    assert Request.objects.count() == 0


def test_files_are_read_outside_of_any_transaction_that_enters(client, typed, monkeypatch):
    begun = []
    monkeypatch.setattr(page_of_intake, "_sent", begun.append)

    post(client, NEW, **typed | {"act": "enter", "files": files(("order.txt", ORDER))})

    assert begun == []


def test_another_button_keeps_the_documents(client, read):
    page = text(post(client, NEW, **read | {"act": "line"}))

    assert read["documents-1-receipt"] in page
    assert 'value="Order of Dr. Shore"' in page


def test_a_page_that_is_opened_again_has_what_was_kept_of_all_its_rows(client, read, cast):
    address = {"lines-1-code": "97546", "lines-1-units": "8"}
    page = text(client.get(NEW))
    page_key = re.search(r'name="draft" value="([^"]+)"', page)[1]
    fields = [[name, value] for name, value in (read | address).items() if name != "act"]
    kept = post(client, "/drafts", draft=page_key, title="Enter", fields=json.dumps(fields))
    assert kept.status_code == 200

    again = text(client.get(NEW))

    assert read["documents-1-receipt"] in again
    assert 'value="Order of Dr. Shore"' in again
    assert re.search(r'name="lines-1-code" value="97546"', again)
    assert "Nothing is chosen" not in again


@pytest.mark.parametrize("act", ["line", "find", "enter"])
def test_a_page_that_comes_back_is_the_same_form_of_the_same_tab(client, typed, act):
    key = str(uuid4())

    page = text(client.post(NEW, typed | {"act": act, "intent": key, "lines-0-units": ""}))

    assert f'name="intent" value="{key}"' in page


def test_a_request_without_documents_is_entered_as_before(client, typed):
    post(client, NEW, **typed)

    assert entered().documents.count() == 0
