"""Documents that are added: files that were read, and what is said of each of them."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import QueryDict
from django.utils.timezone import localtime

from reviewer.documents.reading import MOST_BYTES, TOO_LARGE
from reviewer.forms.fields import SOMETIMES, Form, choice, day, moment
from reviewer.models import Document, DocumentContent, Request, Reviewer
from reviewer.time import local_day
from reviewer.workflow.documents import (
    add_document,
    content_of,
    filed_already,
    read_file,
    receipt_of,
    store_content,
)
from reviewer.workflow.errors import Refused

MOST_FILES: Final = 40  # of one request
PREFIX: Final = "documents"


class DocumentForm(Form):
    """What is said of a file that was read."""

    receipt = forms.CharField(widget=forms.HiddenInput)
    name = forms.CharField(widget=forms.HiddenInput, required=False, max_length=255)
    kind = choice("Type", Document.Kind, empty="Choose a type")
    title = forms.CharField(
        label="Title", max_length=160, required=False, help_text="Empty: the name of its type."
    )
    dated_on = day("Date of the document", **SOMETIMES)
    is_not_stated = forms.BooleanField(label="It states no date", required=False)
    is_left_out = forms.BooleanField(label="Leave this file out", required=False)

    content: DocumentContent | None = None  # for the page

    def clean(self) -> None:
        typed = self.cleaned_data
        if typed.get("is_left_out"):
            self.errors.clear()
            return
        if typed.get("dated_on") and typed.get("is_not_stated"):
            self.add_error("dated_on", "Either it has this date, or it states none. Keep one.")
        elif not any(typed.get(name) for name in ("dated_on", "is_not_stated")) and (
            "dated_on" not in self.errors
        ):
            self.add_error("dated_on", "Enter its date, or say that it states none.")
        if typed.get("kind") == Document.Kind.OTHER and not typed.get("title"):
            self.add_error("title", "Say in the title what kind of document it is.")


class ReceivedAtForm(Form):
    received_at = moment("Received", help_text="When they came in, not when they are added.")


DocumentFormSet = forms.formset_factory(DocumentForm, extra=0, max_num=MOST_FILES)


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that was read and kept."""

    content: DocumentContent
    name: str
    receipt: str


class Filing:
    """The page on which documents are added. `data` is what was sent; nothing at first.

    At intake there is no request yet: it is there when they are saved.
    """

    def __init__(
        self, data: QueryDict | None, *, request: Request | None, by: Reviewer, at: datetime
    ) -> None:
        self.request, self.by, self.at = request, by, at
        self.refused: list[str] = []
        self.data = data.copy() if data else QueryDict(mutable=True)
        if (
            not self.data.get(f"{PREFIX}-TOTAL_FORMS", "").isascii()
            or not self.data.get(f"{PREFIX}-TOTAL_FORMS", "").isdigit()
        ):
            self.data[f"{PREFIX}-TOTAL_FORMS"] = "0"
        self.data[f"{PREFIX}-INITIAL_FORMS"] = "0"
        if data and "received_at" not in data:  # it is asked once files are read
            self.data["received_at"] = localtime(at).strftime("%Y-%m-%dT%H:%M")
        self.received = ReceivedAtForm(self.data if data else None)
        self._bind()

    def _bind(self) -> None:
        self.rows = DocumentFormSet(self.data, prefix=PREFIX)

    @property
    def kept(self) -> Iterator[DocumentForm]:
        for form in self.rows.forms:
            assert isinstance(form, DocumentForm)
            if not form["is_left_out"].value():
                yield form

    def take(self, files: Iterable["UploadedFile[Any]"]) -> None:
        """Read more files; each that is taken becomes a row, of each other one it is said why."""
        count = len(self.rows.forms)
        for file in files:
            try:
                if count == MOST_FILES:
                    raise Refused(f"“{file.name}” is one too many: {MOST_FILES} go at a time.")
                taken = self._taken(file)
            except Refused as refusal:
                self.refused.append(refusal.sentence)
                continue
            for name, value in (("receipt", taken.receipt), ("name", taken.name[:255])):
                self.data[f"{PREFIX}-{count}-{name}"] = value
            count += 1
        self.data[f"{PREFIX}-TOTAL_FORMS"] = str(count)
        self._bind()
        self.without_errors()

    def _taken(self, file: "UploadedFile[Any]") -> Taken:
        name = (file.name or "").replace("\x00", "")
        if (file.size or 0) > MOST_BYTES:
            raise Refused(f"“{name}” {TOO_LARGE}.")
        data = file.read()
        content = store_content(
            data=data, reading=read_file(data, name=name), by=self.by, at=self.at
        )
        if self.request and (earlier := filed_already(self.request, content)):
            raise Refused(
                f"“{name}” is in the file already, as “{earlier}”, added"
                f" {local_day(earlier.added_at)} by {earlier.added_by}."
            )
        receipt = receipt_of(content, self.by)
        if content.pk in self._listed():
            raise Refused(f"“{name}” was chosen twice. It is listed once.")
        return Taken(content, name, receipt)

    def _listed(self) -> set[int]:
        """The contents of the rows; a receipt that is none is told of at its row."""
        found = set()
        for name, value in self.data.items():
            if name.endswith("-receipt") and value:
                with suppress(Refused):
                    found.add(content_of(str(value), self.by).pk)
        return found

    def without_errors(self) -> None:
        """Say nothing of what is missing: files were sent to be told of next."""
        for form in (self.received, *self.rows.forms):
            form.errors.clear()

    def show(self) -> None:
        """Let every row say which file it is of."""
        for form in self.kept:
            try:
                form.content = content_of(str(form["receipt"].value()), self.by)
            except Refused as refusal:
                form.add_error(None, refusal.sentence)

    def is_valid(self) -> bool:
        sound = [form.is_valid() for form in (self.received, *self.kept)]
        return all(sound) and self.rows.is_valid()

    @transaction.atomic
    def save(self, request: Request | None = None) -> list[Document]:
        """File all of them, or none: a refusal stands at its row. Raises Refused."""
        of = request or self.request
        assert of is not None, "documents are filed with a request"
        return [self._add(form, of) for form in self.kept]

    def _add(self, form: DocumentForm, request: Request) -> Document:
        typed = form.cleaned_data
        try:
            return add_document(
                request=request,
                content=content_of(typed["receipt"], self.by),
                kind=typed["kind"],
                title=typed["title"],
                dated_on=typed["dated_on"],
                received_at=self.received.cleaned_data["received_at"],
                by=self.by,
                at=self.at,
            )
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
            raise
