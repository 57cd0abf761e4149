"""Every address of the site."""

from importlib.util import find_spec

from django.contrib import admin
from django.urls import include, path

from reviewer.views import appeals, pages, work

pages_of_the_review = [
    path("", work.work_mine, name="work_mine"),
    path("queue", work.work_queue, name="work_queue"),
    path("appeals/", appeals.appeal_list, name="appeal_list"),
    path("specimen", pages.specimen, name="specimen"),
]
if find_spec("reviewer.views.search"):
    from reviewer.views import search

    pages_of_the_review.append(path("search", search.search, name="search"))
else:
    pages_of_the_review.append(path("search", work.work_queue, name="search"))

urlpatterns = [
    path("", include((pages_of_the_review, "reviewer"))),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/", include("allauth.mfa.urls")),
    path("admin/", admin.site.urls),
]
if find_spec("policies.urls"):
    urlpatterns.append(path("", include("policies.urls")))
