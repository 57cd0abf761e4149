"""Sets of synonyms: words and phrases that a search takes for each other."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Func, QuerySet, TextField, Value
from django.http import HttpRequest

from policies.admin.bases import AdminOfSynonyms, FormOfSynonyms
from policies.models import SynonymSet
from policies.synonyms import LONGEST, normal, taken_terms

_CHARACTERS = 80


class SynonymSetForm(FormOfSynonyms):
    """The terms, one a line; a mistake names the term and what to do with it."""

    terms = forms.CharField(
        label="Words and phrases",
        strip=False,
        widget=forms.Textarea({"rows": 8, "cols": 60, "class": "vLargeTextField"}),
        help_text="Two or more that mean the same, one a line. Capitals do not matter, nor does"
        " an s at the end.",
    )

    class Meta:
        model = SynonymSet
        fields = ["terms", "note"]
        help_texts = {"note": "Why they mean the same, for whoever keeps them next."}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk:
            self.initial["terms"] = "\n".join(self.instance.terms)

    def clean_terms(self) -> list[str]:
        typed = [" ".join(line.split()) for line in self.cleaned_data["terms"].splitlines()]
        terms = [term for term in typed if term]
        wrong = [sentence for term in terms if (sentence := _fault(term))]
        wrong += _repeated(terms)
        wrong += [
            f"“{term}” stands in the set “{other}” already. Add the words there, or take it out."
            for term, other in taken_terms(terms, but=self.instance.pk)
        ]
        if not wrong and len(terms) < 2:
            wrong = ["Write two or more words or phrases, one a line."]
        if wrong:
            raise forms.ValidationError(wrong)
        return terms


def _fault(term: str) -> str:
    """What is wrong with a term by itself; empty where nothing is."""
    if len(term) > _CHARACTERS:
        return f"“{term[:40]}…” has {len(term)} characters. A term has {_CHARACTERS} at most."
    if not normal(term):
        return f"“{term}” holds no word that a search can look for. Take it out."
    if len(normal(term).split()) > LONGEST:
        return f"“{term}” has more than {LONGEST} words. Shorten it to what people type."
    return ""


def _repeated(terms: list[str]) -> list[str]:
    seen: dict[str, str] = {}
    wrong = []
    for term in terms:
        first = seen.setdefault(normal(term), term)
        if first is not term and normal(term):
            wrong.append(f"“{term}” and “{first}” are the same to a search. Keep one of them.")
    return wrong


@admin.register(SynonymSet)
class SynonymSetAdmin(AdminOfSynonyms):
    """Whatever is saved counts from the next search on."""

    form = SynonymSetForm
    list_display = ["__str__", "note"]
    search_fields = ["note"]
    search_help_text = "A word of the set or of its note."

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[SynonymSet], search_term: str
    ) -> tuple[QuerySet[SynonymSet], bool]:
        """By the terms too, which the admin cannot look into by itself."""
        said = Func("terms", Value(" "), function="array_to_string", output_field=TextField())
        listed = queryset.alias(said=said)
        by_term = listed.filter(said__icontains=search_term) if search_term else listed
        by_note = listed.filter(note__icontains=search_term) if search_term else listed
        return by_term | by_note, False
