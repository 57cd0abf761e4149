"""Citations: quoted words with their place, version, days, permanent address and hash."""

from dataclasses import dataclass

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from policies.imports.content import reading_of
from policies.models import Version
from policies.views.places import Place, places_of
from policies.views.shown import first_day, last_day
from policies.views.unknown import unknown_anchor, unknown_version
from policies.views.versions import version_with_text


@dataclass(frozen=True, slots=True)
class Citation:
    """A place of a version, ready to be copied. `address` is absolute and permanent."""

    version: Version
    place: Place
    address: str

    @property
    def source(self) -> str:
        """0907 Lamps, version 1, limitation 1, in effect from 2026-01-01."""
        version = self.version
        name = f"{version.bulletin.number} {version.title}, version {version.ordinal}"
        heading = f" ({self.place.heading})" if self.place.kind == "code_row" else ""
        return f"{name}, {self.place.name}{heading}; {in_effect(version)}."

    @property
    def text(self) -> str:
        return (
            f"“{self.place.text}”\n{self.source}\n{self.address}\n"
            f"SHA-256 of the version's content: {self.version.content_hash}\n"
        )

    @property
    def html(self) -> SafeString:
        lines = ((line,) for line in self.place.text.split("\n"))
        quoted = format_html_join("", "<p>{}</p>", lines)
        return format_html(
            '<blockquote cite="{}">{}</blockquote><p>{} <a href="{}">{}</a><br>'
            "SHA-256 of the version's content: <code>{}</code></p>",
            self.address, quoted, self.source, self.address, self.address,
            self.version.content_hash,
        )  # fmt: skip


def citation(request: HttpRequest, version: Version, place: Place) -> Citation:
    address = request.build_absolute_uri(f"{version.get_absolute_url()}#{place.anchor}")
    return Citation(version, place, address)


def in_effect(version: Version) -> str:
    """From when to when: "in effect from 2026-01-01 to 2026-06-30"."""
    if not version.is_frozen:
        return f"not published ({version.get_status_display().lower()})"
    start, end = first_day(version), last_day(version)
    if start and start == version.publication.ended_on:
        return f"withdrawn before it took effect on {start}"
    if start is None:
        return f"effective date not stated{f', ended on {end}' if end else ''}"
    return f"in effect from {start}{f' to {end}' if end else ''}"


@require_safe
@permission_required("policies.view_bulletin", raise_exception=True)
def version_cite(request: HttpRequest, number: str, ordinal: int, anchor: str) -> HttpResponse:
    """The citation of one place, to be copied by hand."""
    version = version_with_text(number, ordinal, request.user)
    if version is None:
        return unknown_version(request, number, ordinal)
    places = places_of(reading_of(version))
    if anchor not in places:
        return unknown_anchor(request, version, anchor, places)
    cited = citation(request, version, places[anchor])
    context = {
        "version": version,
        "bulletin": version.bulletin,
        "place": places[anchor],
        "lines": places[anchor].text.split("\n"),
        "citation": cited,
    }
    return render(request, "policies/version_cite.html", context)
