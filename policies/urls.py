from django.urls import path

from policies.views import bulletins, code_sets, codes

app_name = "policies"
urlpatterns = [
    path("codes/", code_sets.code_list, name="code_list"),
    path("codes/<str:system>/", code_sets.code_system, name="code_system"),
    path("codes/<str:system>/<str:code>/", codes.code_detail, name="code_detail"),
    path("policies/", bulletins.bulletin_list, name="bulletin_list"),
    path("policies/<str:number>/", bulletins.bulletin_detail, name="bulletin_detail"),
    path("policies/<str:number>/v<int:ordinal>", bulletins.version_detail, name="version_detail"),
    path(
        "policies/<str:number>/v<int:ordinal>/source",
        bulletins.version_source,
        name="version_source",
    ),
]
