"""The pages of documents: adding several at once, reading a page, finding, saving, attention."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.timezone import localtime

from policies.models import LineOfBusiness
from reviewer.demonstration.papers import fax, pdf
from reviewer.models import AccessEntry, Attention, Document, DocumentContent
from reviewer.workflow.documents import receipt_of, set_aside
from tests import factories
from tests.reviewer.documents.hostile import encrypted
from tests.reviewer.pages import post, queries_of

pytestmark = pytest.mark.django_db

FRAGMENT = {"HX-Request": "true", "HX-Target": "document-pane"}


@pytest.fixture
def request_(cast):
    return factories.make_claimed(cast)


@pytest.fixture
def document(cast, request_):
    return factories.make_document(cast, request_)


def address(name, *words):
    return reverse(f"reviewer:{name}", args=words)


def new(request):
    return address("request_document_new", request.number)


def upload(name, data):
    return SimpleUploadedFile(name, data)


def choose(client, request, *files, **typed):
    """Send files to be read; the rows that the page then has, as a browser would send them back."""
    response = client.post(new(request), {"intent": str(uuid4()), "files": list(files), **typed})
    fields = {}
    for form in response.context["rows"]:
        for field in form:
            value = field.value()
            if value not in (None, False, ""):
                fields[field.html_name] = value
    fields["documents-TOTAL_FORMS"] = len(response.context["filing"].rows.forms)
    fields["received_at"] = localtime(factories.now()).strftime("%Y-%m-%dT%H:%M")
    return response, fields


def told(number, **said):
    usual = {"kind": "progress_note", "title": f"Note {number}", "is_not_stated": "on"} | said
    return {f"documents-{number}-{name}": value for name, value in usual.items()}


def test_several_files_are_read_told_of_and_filed_together(cast, sign_in, request_):
    client = sign_in(cast.intake)
    files = upload("a.pdf", pdf(["Alpha", "Beta"])), upload("b.png", fax("Gamma"))
    page, fields = choose(client, request_, *files, upload("c.txt", b"Delta"))
    assert "2 pages" in page.content.decode()

    fields |= told(0, dated_on="2026-01-05", is_not_stated="") | told(1) | told(2, kind="order")
    answer = post(client, new(request_), **fields)

    assert answer.headers["Location"] == address("request_documents", request_.number)
    filed = list(request_.documents.told())
    assert [one.content.media_type for one in filed] == [
        "application/pdf",
        "image/png",
        "text/plain",
    ]
    assert [str(one.dated_on) for one in filed] == ["2026-01-05", "None", "None"]
    assert all(one.added_by == cast.intake for one in filed)


def test_one_bad_file_is_named_and_nothing_else_is_lost(cast, sign_in, request_):
    client = sign_in(cast.nurse)
    _, fields = choose(client, request_, upload("first.txt", b"First"))
    fields |= told(0, title="Typed already")

    page, fields = choose(
        client,
        request_,
        upload("locked.pdf", encrypted()),
        upload("letter.docx", b"PK\x03\x04"),
        upload("second.txt", b"Second"),
        **fields,
    )

    body = page.content.decode()
    assert "“locked.pdf” is protected by a password." in body
    assert "“letter.docx” is a Word, Excel or ZIP file." in body
    assert "Typed already" in body
    assert [form["name"].value() for form in page.context["rows"]] == ["first.txt", "second.txt"]
    assert not request_.documents.exists()


def test_a_file_that_is_too_large_is_not_even_read(cast, sign_in, request_, monkeypatch):
    monkeypatch.setattr("reviewer.forms.documents.MOST_BYTES", 10)
    monkeypatch.setattr("reviewer.forms.documents.read_file", None)

    page, _ = choose(sign_in(cast.nurse), request_, upload("scan.pdf", b"x" * 11))

    assert "“scan.pdf” has more than 25 MB." in page.content.decode()


def test_the_same_file_is_refused_with_where_it_is(cast, sign_in, request_):
    client, data = sign_in(cast.nurse), b"The same words."
    factories.make_document(cast, request_, data=data, title="Note of June")

    page, _ = choose(client, request_, upload("again.txt", data))

    assert "“again.txt” is in the file already, as “Note of June”" in page.content.decode()


def test_a_file_chosen_twice_is_listed_once(cast, sign_in, request_):
    page, _ = choose(
        sign_in(cast.nurse), request_, upload("a.txt", b"Words"), upload("b.txt", b"Words")
    )

    assert len(page.context["rows"]) == 1
    assert "“b.txt” was chosen twice" in page.content.decode()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"kind": ""}, "Nothing is chosen under “Type”"),
        ({"is_not_stated": ""}, "Enter its date, or say that it states none."),
        ({"dated_on": "2026-01-05"}, "Either it has this date, or it states none."),
        ({"kind": "other", "title": ""}, "Say in the title what kind of document it is."),
        ({"is_not_stated": "", "dated_on": "2190-01-01"}, "not of a day to come"),
    ],
)
def test_what_is_missing_is_said_and_all_or_nothing_is_filed(
    said, sentence, cast, sign_in, request_
):
    client = sign_in(cast.nurse)
    _, fields = choose(client, request_, upload("a.txt", b"One"), upload("b.txt", b"Two"))

    page = post(client, new(request_), **fields | told(0) | told(1, **said))

    assert sentence in page.content.decode()
    assert "Note 0" in page.content.decode()
    assert not request_.documents.exists()


def test_a_row_that_is_left_out_is_not_filed(cast, sign_in, request_):
    client = sign_in(cast.nurse)
    _, fields = choose(client, request_, upload("a.txt", b"One"), upload("b.txt", b"Two"))

    post(client, new(request_), **fields | told(0) | {"documents-1-is_left_out": "on"})

    assert [one.title for one in request_.documents.all()] == ["Note 0"]


def test_a_double_click_files_once(cast, sign_in, request_):
    client = sign_in(cast.nurse)
    _, fields = choose(client, request_, upload("a.txt", b"One"))
    fields |= told(0) | {"intent": str(uuid4())}

    answers = [client.post(new(request_), fields) for _ in range(2)]

    assert [one.status_code for one in answers] == [302, 302]
    assert request_.documents.count() == 1


def test_what_another_sent_is_not_filed_by_its_receipt(cast, sign_in, request_):
    other = factories.make_document(cast, by=cast.intake, data=b"Another member's")
    fields = {
        "documents-TOTAL_FORMS": 1,
        "documents-0-receipt": receipt_of(other.content, cast.intake),
        "received_at": "2026-01-05T10:00",
    }

    page = post(sign_in(cast.nurse), new(request_), **fields | told(0))

    assert "Someone else sent this file" in page.content.decode()
    assert not request_.documents.exists()


def test_no_file_chosen_is_said(cast, sign_in, request_):
    page = post(sign_in(cast.nurse), new(request_), received_at="2026-01-05T10:00")

    assert "No file is chosen." in page.content.decode()


def test_a_page_is_read_in_a_page_of_its_own_or_in_the_pane(cast, sign_in, document, request_):
    client, at = sign_in(cast.nurse), document.get_absolute_url()

    whole = client.get(at, {"page": 2})
    alone = client.get(at, {"page": 2}, headers=FRAGMENT)

    picture = address("request_document_page", request_.number, document.pk, 2)
    for answer in (whole, alone):
        body = answer.content.decode()
        assert f'src="{picture}?zoom=1"' in body
        assert "Lifting 25 pounds" in body
        assert f'href="{at}?page=1&amp;zoom=1"' in body
        assert f'href="{at}?page=3&amp;zoom=1"' in body
    assert "<html" in whole.content.decode()
    assert "<html" not in alone.content.decode()


@pytest.mark.parametrize(
    ("asked", "shown"), [("", 1), ("0", 1), ("3", 3), ("4", 3), ("9" * 30, 3), ("x", 1), ("²", 1)]
)
def test_a_page_that_is_not_there_gives_the_nearest(asked, shown, cast, sign_in, document):
    page = sign_in(cast.nurse).get(document.get_absolute_url(), {"page": asked})

    assert page.context["page"] == shown


def test_a_page_is_drawn_as_png_and_no_other(cast, sign_in, document, request_):
    client = sign_in(cast.nurse)

    def picture(page):
        return client.get(address("request_document_page", request_.number, document.pk, page))

    assert picture(1).headers["Content-Type"] == "image/png"
    assert picture(1).content.startswith(b"\x89PNG")
    assert "no-store" in picture(1).headers["Cache-Control"]
    assert [picture(page).status_code for page in (0, 4)] == [404, 404]


def test_a_page_that_cannot_be_drawn_leaves_the_reader_standing(cast, sign_in, request_):
    client, data = sign_in(cast.nurse), pdf(["Only words"])
    document = factories.make_document(cast, request_, data=data)

    def fail(*_, **__):
        from reviewer.documents.errors import NotDrawn

        raise NotDrawn

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("reviewer.views.document_reader.draw", fail)
        picture = client.get(address("request_document_page", request_.number, document.pk, 1))

    assert picture.status_code == 422
    assert "Only words" in client.get(document.get_absolute_url()).content.decode()


def test_a_text_is_read_as_text(cast, sign_in, request_):
    document = factories.make_document(cast, request_, data=b"<script>alert(1)</script> 20 min")

    body = sign_in(cast.nurse).get(document.get_absolute_url()).content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt; 20 min" in body
    assert "<script>alert" not in body
    picture = address("request_document_page", request_.number, document.pk, 1)
    assert sign_in(cast.nurse).get(picture).status_code == 404


@pytest.mark.parametrize(
    ("data", "kind", "ending"),
    [(pdf(["A"]), "application/pdf", "pdf"), (b"<b>A</b>", "text/plain", "txt")],
)
def test_the_original_is_only_saved(data, kind, ending, cast, sign_in, request_):
    document = factories.make_document(cast, request_, data=data, title="Ada Winter")

    answer = sign_in(cast.nurse).get(address("request_document_file", request_.number, document.pk))

    assert answer.content == data
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    said = answer.headers["Content-Disposition"]
    assert said == f'attachment; filename="{request_.number}-{document.pk}.{ending}"'
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_words_are_found_on_the_pages_that_hold_all_of_them(cast, sign_in, request_, document):
    factories.make_document(cast, request_, pages=["Standing 5 minutes"], title="Second")
    factories.make_document(cast, None, pages=["Standing elsewhere"], title="Of another request")
    client, at = sign_in(cast.nurse), address("request_documents", request_.number)

    body = client.post(at, {"words": "standing MINUTES"}, headers=FRAGMENT).content.decode()

    assert "2 pages hold" in body
    assert f'href="{document.get_absolute_url()}?page=1"' in body
    assert "<mark>Standing</mark> tolerance 20 <mark>minutes</mark>" in body
    assert "Of another request" not in body
    assert "No page holds" in client.post(at, {"words": "nowhere"}).content.decode()


def test_a_document_set_aside_is_struck_through_and_can_be_read(cast, sign_in, document, request_):
    client = sign_in(cast.nurse)
    post(
        client,
        address("request_document_set_aside", request_.number, document.pk),
        reason="Another member's.",
    )

    body = client.get(document.get_absolute_url()).content.decode()

    assert "<del>" in body
    assert "Another member&#x27;s." in body
    assert "Lifting" in client.get(document.get_absolute_url(), {"page": 2}).content.decode()
    assert ">Set aside</a>" not in body


def test_opening_a_page_is_noted_and_fetching_ahead_is_not(cast, sign_in, document):
    client, at = sign_in(cast.physician), document.get_absolute_url()

    client.get(at, {"page": 3}, headers={"Sec-Purpose": "prefetch;prerender"})
    client.head(at, {"page": 3})
    assert not Attention.objects.exists()
    client.get(at, {"page": 2})
    client.get(at, {"page": 2})

    [row] = Attention.objects.all()
    assert (row.reviewer, row.document, row.page) == (cast.physician, document, 2)


def test_the_picture_alone_is_no_attention(cast, sign_in, document, request_):
    sign_in(cast.nurse).get(address("request_document_page", request_.number, document.pk, 1))

    assert not Attention.objects.exists()


def test_the_record_of_attention_says_who_opened_how_much(cast, sign_in, document, request_):
    factories.make_document(cast, request_, pages=["A"] * 11, title="Progress notes of May")
    client = sign_in(cast.nurse)
    for page in (1, 2):
        client.get(document.get_absolute_url(), {"page": page})

    body = client.get(address("request_attention", request_.number)).content.decode()

    assert "Rosa Okafor" in body
    assert "2 of 3" in body
    assert "never opened, 11 pages" in body


def doors(document):
    number, pk = document.request.number, document.pk
    return {
        "request_documents": [number],
        "request_document": [number, pk],
        "request_document_page": [number, pk, 1],
        "request_document_file": [number, pk],
        "request_attention": [number],
        "request_document_new": [number],
        "request_document_set_aside": [number, pk],
    }


READ = ["request_documents", "request_document", "request_document_page",
        "request_document_file", "request_attention"]  # fmt: skip
READERS = {"intake", "nurse", "physician", "appeals_coordinator", "supervisor", "auditor"}
ADDERS = {"intake", "nurse", "physician", "appeals_coordinator", "supervisor"}
OPEN_TO = dict.fromkeys(READ, READERS) | {
    "request_document_new": ADDERS,
    "request_document_set_aside": ADDERS - {"appeals_coordinator"},
}


@pytest.mark.parametrize("name", OPEN_TO)
def test_a_door_opens_to_its_roles_within_their_scope_alone(name, cast, client, document):
    at = address(name, *doors(document)[name])
    for role in [*READERS, "policy_editor", "policy_approver", "administrator"]:
        person = getattr(cast, role)
        client.force_login(person.user)
        assert client.get(at).status_code == (200 if role in OPEN_TO[name] else 403), role
        if role in OPEN_TO[name]:
            person.lines_of_business = [LineOfBusiness.MEDICAID]
            person.save(update_fields=["lines_of_business"])
            assert client.get(at).status_code == 404, role
            assert client.get(at, headers=FRAGMENT).status_code == 404, role


@pytest.mark.parametrize("name", READ)
def test_every_look_is_logged_with_its_request(name, cast, sign_in, document, request_):
    sign_in(cast.nurse).get(address(name, *doors(document)[name]), headers=FRAGMENT)

    entry = AccessEntry.objects.get(view=f"reviewer:{name}")
    assert (entry.user, entry.requests) == (cast.nurse.user, [request_.number])


@pytest.mark.parametrize(
    "name",
    [
        "request_document",
        "request_document_page",
        "request_document_file",
        "request_document_set_aside",
    ],
)
def test_a_document_is_not_found_under_another_request(name, cast, sign_in, document):
    other = factories.make_request(cast)
    words = [other.number, *doors(document)[name][1:]]

    assert sign_in(cast.nurse).get(address(name, *words)).status_code == 404


def test_visitors_are_led_to_sign_in(client, document):
    for name, words in doors(document).items():
        assert client.get(address(name, *words)).headers["Location"].startswith("/accounts/login/")


def test_no_page_of_documents_names_the_member_in_its_title_or_address(
    cast, sign_in, document, request_
):
    for name, words in doors(document).items():
        body = sign_in(cast.nurse).get(address(name, *words)).content
        assert b"Winter" not in body.partition(b"<title>")[2].partition(b"</title>")[0]
        assert "winter" not in address(name, *words).lower()


def test_lists_never_load_the_bytes_and_take_the_same_queries_for_any_number(
    cast, sign_in, request_
):
    client, at = sign_in(cast.nurse), address("request_documents", request_.number)
    factories.make_document(cast, request_, pages=["1"])
    few = queries_of(client, at)
    for number in range(2, 6):
        one = factories.make_document(cast, request_, pages=[str(number)])
    set_aside(document=one, reason="Not hers.", by=cast.nurse, at=factories.now())

    assert queries_of(client, at) == few
    assert all("data" in one.content.get_deferred_fields() for one in request_.documents.told())


@pytest.mark.parametrize("word", ["a\x00b", "9" * 300, "-1", "%", "²", "x" * 5000])
def test_a_hostile_form_comes_back(word, cast, sign_in, document, request_):
    client = sign_in(cast.nurse)
    client.raise_request_exception = False
    names = ["TOTAL_FORMS", "0-receipt", "0-name", "0-kind", "0-title", "0-dated_on"]
    sent = {f"documents-{name}": word for name in names} | {"received_at": word}

    assert post(client, new(request_), **sent).status_code == 200
    sent["documents-TOTAL_FORMS"] = "1"
    assert post(client, new(request_), **sent).status_code == 200
    found = client.post(address("request_documents", request_.number), {"words": word})
    assert found.status_code == 200
    assert client.get(document.get_absolute_url(), {"page": word, "zoom": word}).status_code == 200
    assert Document.objects.count() == DocumentContent.objects.count() == 1


def test_the_time_of_receipt_starts_at_now_and_is_asked_with_the_files(cast, sign_in, request_):
    page, _ = choose(sign_in(cast.nurse), request_, upload("a.txt", b"One"))

    today = localtime(factories.now()).strftime("%Y-%m-%d")
    assert f'name="received_at" value="{today}T' in page.content.decode()
