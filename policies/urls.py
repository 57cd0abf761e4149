from django.urls import path, register_converter
from django.urls.converters import StringConverter

from policies.views import (
    acknowledging,
    answers,
    browsing,
    bulletins,
    citations,
    code_sets,
    codes,
    compare,
    coverage,
    exports,
    printing,
    review_calendar,
    version_json,
    whats_new,
)


class WordConverter(StringConverter):
    """A part of an address without control characters, which Postgres does not take."""

    regex = r"[^/\x00-\x1f\x7f]+"


register_converter(WordConverter, "word")

VERSION = "policies/<word:number>/v<int:ordinal>"

app_name = "policies"
urlpatterns = [
    path("codes/", code_sets.code_list, name="code_list"),
    path("codes/<word:system>/", code_sets.code_system, name="code_system"),
    path("codes/<word:system>/<word:code>/", codes.code_detail, name="code_detail"),
    path("look-up", answers.look_up_page, name="look_up_page"),
    path("look-up.json", answers.look_up_json, name="look_up_json"),
    path("look-up.csv", answers.look_up_csv, name="look_up_csv"),
    path("policies/", browsing.bulletin_list, name="bulletin_list"),
    path("policies/new", whats_new.whats_new, name="whats_new"),
    path("policies/reviews", review_calendar.review_calendar, name="review_calendar"),
    path("policies/coverage", coverage.coverage_map, name="coverage_map"),
    path("policies/coverage/<slug:table>.csv", coverage.coverage_table, name="coverage_table"),
    path("policies/export", exports.library_export, name="library_export"),
    path("policies/export/library.jsonl", exports.library_lines, name="library_lines"),
    path("policies/export/<slug:table>.csv", exports.library_table, name="library_table"),
    path("policies/<word:number>/", bulletins.bulletin_detail, name="bulletin_detail"),
    path(VERSION, bulletins.version_detail, name="version_detail"),
    path(f"{VERSION}.json", version_json.version_json, name="version_json"),
    path(f"{VERSION}/source", bulletins.version_source, name="version_source"),
    path(f"{VERSION}/print.css", printing.version_print, name="version_print"),
    path(f"{VERSION}/section/<word:anchor>", bulletins.version_section, name="version_section"),
    path(f"{VERSION}/cite/<word:anchor>", citations.version_cite, name="version_cite"),
    path(f"{VERSION}/<word:anchor>.json", version_json.passage_json, name="passage_json"),
    path(f"{VERSION}/<slug:table>.csv", exports.version_table, name="version_table"),
    path(f"{VERSION}/acknowledge", acknowledging.version_acknowledge, name="version_acknowledge"),
    path("policies/<word:number>/compare", compare.compare_choose, name="compare_choose"),
    path(
        "policies/<word:number>/compare/<int:before>/<int:after>/class",
        compare.change_reclassify,
        name="change_reclassify",
    ),
    path(
        "policies/<word:number>/compare/<int:before>/<int:after>",
        compare.version_compare,
        name="version_compare",
    ),
]
