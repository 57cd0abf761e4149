"""The administrators' workplace: people and licenses. No member data is registered here, nor may
it be. Roles are code (`reviewer/permissions.py`), so groups are not edited either."""

from django.contrib import admin
from django.contrib.auth.models import Group

from reviewer.admin.credentials import CredentialAdmin
from reviewer.admin.people import PersonAdmin

admin.site.unregister(Group)

__all__ = ["CredentialAdmin", "PersonAdmin"]
