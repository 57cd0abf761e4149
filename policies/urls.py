from django.urls import path, register_converter
from django.urls.converters import StringConverter

from policies.views import acknowledging, bulletins, code_sets, codes, compare, exports


class WordConverter(StringConverter):
    """A part of an address without control characters, which Postgres does not take."""

    regex = r"[^/\x00-\x1f\x7f]+"


register_converter(WordConverter, "word")

app_name = "policies"
urlpatterns = [
    path("codes/", code_sets.code_list, name="code_list"),
    path("codes/<word:system>/", code_sets.code_system, name="code_system"),
    path("codes/<word:system>/<word:code>/", codes.code_detail, name="code_detail"),
    path("policies/", bulletins.bulletin_list, name="bulletin_list"),
    path("policies/export", exports.library_export, name="library_export"),
    path("policies/export/library.jsonl", exports.library_lines, name="library_lines"),
    path("policies/export/<slug:table>.csv", exports.library_table, name="library_table"),
    path("policies/<word:number>/", bulletins.bulletin_detail, name="bulletin_detail"),
    path("policies/<word:number>/v<int:ordinal>", bulletins.version_detail, name="version_detail"),
    path(
        "policies/<word:number>/v<int:ordinal>/source",
        bulletins.version_source,
        name="version_source",
    ),
    path(
        "policies/<word:number>/v<int:ordinal>/<slug:table>.csv",
        exports.version_table,
        name="version_table",
    ),
    path(
        "policies/<word:number>/v<int:ordinal>/acknowledge",
        acknowledging.version_acknowledge,
        name="version_acknowledge",
    ),
    path(
        "policies/<word:number>/compare/<int:before>/<int:after>",
        compare.version_compare,
        name="version_compare",
    ),
]
