"""Reading documents: a page at a time, what is found in them, and who opened what."""

from functools import lru_cache
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from reviewer.access import get_document, get_request, get_reviewer
from reviewer.decorators import needs
from reviewer.documents.errors import NotDrawn
from reviewer.documents.reading import draw
from reviewer.models import Document, DocumentContent, DocumentPage, MediaType, Request
from reviewer.time import now
from reviewer.views.document_list import documents_context, find_in
from reviewer.views.time_left import decision_left
from reviewer.workflow.attention import readers_of
from reviewer.workflow.documents import LOOK, SET_ASIDE, note_attention
from reviewer.workflow.guards import has_any

WIDTHS: Final = {1: 1200, 2: 1800, 3: 2400, 4: 3200}  # pixels of a picture, by how far it is drawn
PANE: Final = "document-pane"
PARTS: Final = {
    "document": "reviewer/parts/documents_page.html",
    "documents": "reviewer/parts/documents_found.html",
}
ENDINGS: Final = {
    MediaType.PDF: "pdf",
    MediaType.PNG: "png",
    MediaType.JPEG: "jpg",
    MediaType.TEXT: "txt",
}


@require_safe
@needs(LOOK)
def request_document(http_request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """A page of a document, which is noted as opened; alone for the pane that asks for it."""
    document = get_document(http_request, number, pk)
    page = _within(http_request.GET.get("page"), document.content.page_count)
    reviewer = get_reviewer(http_request)
    if http_request.method == "GET" and not is_ahead(http_request):
        note_attention(
            request=document.request, document=document, page=page, by=reviewer, at=now()
        )
    zoom = _within(http_request.GET.get("zoom"), max(WIDTHS))
    context = {
        "document": document,
        **_page(document, page),
        "zoom": zoom,
        "nearer": zoom + 1 if zoom < max(WIDTHS) else None,
        "farther": zoom - 1 if zoom > 1 else None,
        "may_set_aside": not document.is_set_aside and has_any(reviewer.user, *SET_ASIDE),
    }
    return _answer(http_request, "document", document.request, context)


def is_ahead(http_request: HttpRequest) -> bool:
    """Whether a browser fetches a page that nobody looks at yet."""
    purposes = [http_request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Moz")]
    return any("prefetch" in one or "prerender" in one for one in purposes)


def _within(asked: str | None, most: int) -> int:
    """A number from 1 to the most; the nearest to what was asked."""
    if not asked or not (asked.isascii() and asked.isdecimal()) or len(asked) > len(str(most)):
        return 1 if not asked or not asked.isdecimal() else most
    return min(max(int(asked), 1), most)


def _page(document: Document, page: int) -> dict[str, Any]:
    words = DocumentPage.objects.filter(content=document.content_id, number=page).first()
    last = document.content.page_count
    return {
        "page": page,
        "words": words.text if words else "",
        "is_text": document.content.media_type == MediaType.TEXT,
        "previous": page - 1 if page > 1 else None,
        "next": page + 1 if page < last else None,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@needs(LOOK)
def request_documents(http_request: HttpRequest, number: str) -> HttpResponse:
    """The documents of a request, and the pages that hold some words.

    The words are posted: what is looked for in a member's papers belongs into no address.
    """
    request = get_request(http_request, number)
    words = http_request.POST.get("words", "").strip()
    context: dict[str, Any] = {"sought": words}
    if words:
        context["found"] = find_in(request.documents.told(), words)
    return _answer(http_request, "documents", request, context)


def _answer(
    http_request: HttpRequest, name: str, request: Request, context: dict[str, Any]
) -> HttpResponse:
    """The pane alone where a pane asks, else the page with the list beside it."""
    context |= {"case": request}
    is_pane = http_request.headers.get("HX-Target") == PANE
    if is_pane and http_request.headers.get("HX-Request") == "true":
        return render(http_request, PARTS[name], context)
    reviewer = get_reviewer(http_request)
    context |= documents_context(request, reviewer, reviewer.user)
    at = now()
    context |= {"is_page": True, "left": decision_left(request, at=at), "now": at}
    return render(http_request, f"reviewer/request_{name}.html", context)


@require_safe
@needs(LOOK)
def request_document_page(
    http_request: HttpRequest, number: str, pk: int, page: int
) -> HttpResponse:
    """A page as a picture, drawn when it is asked for. The file itself is never shown inline."""
    content = get_document(http_request, number, pk).content
    if not 1 <= page <= content.page_count or content.media_type == MediaType.TEXT:
        raise Http404
    width = WIDTHS[_within(http_request.GET.get("zoom"), max(WIDTHS))]
    try:
        picture = picture_of(content.sha256, page, width)
    except NotDrawn:
        return HttpResponse("This page cannot be drawn.", "text/plain", status=422)
    return HttpResponse(picture, "image/png")


@lru_cache(maxsize=32)
def picture_of(sha256: str, page: int, width: int) -> bytes:
    """The picture of a page, the last few kept at hand. Raises NotDrawn."""
    content = DocumentContent.objects.get(sha256=sha256)
    return draw(bytes(content.data), content.media_type, page=page, width=width)


@require_safe
@needs(LOOK)
def request_document_file(http_request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The document as it came, to be saved: no browser opens it in the site's name."""
    document = get_document(http_request, number, pk)
    content = DocumentContent.objects.get(pk=document.content_id)
    name = f"{document.request.number}-{document.pk}.{ENDINGS[MediaType(content.media_type)]}"
    response = HttpResponse(bytes(content.data), content.media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_safe
@needs(LOOK)
def request_attention(http_request: HttpRequest, number: str) -> HttpResponse:
    """Who opened which documents and passages of the case, and when."""
    request, at = get_request(http_request, number), now()
    context = {
        "case": request,
        "readers": readers_of(request),
        "left": decision_left(request, at=at),
        "now": at,
    }
    return render(http_request, "reviewer/request_attention.html", context)
