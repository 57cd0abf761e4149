"""The workplaces of the administrators (people and licenses) and of the policy staff (the rules).
No member data is registered here, nor may it be. Roles are code (`reviewer/permissions.py`), so
groups are not edited either."""

from django.contrib import admin
from django.contrib.auth.models import Group

from reviewer.admin.credentials import CredentialAdmin
from reviewer.admin.people import PersonAdmin
from reviewer.admin.rule_changes import RuleChangeAdmin
from reviewer.admin.rules import RuleAdmin

admin.site.unregister(Group)

__all__ = ["CredentialAdmin", "PersonAdmin", "RuleAdmin", "RuleChangeAdmin"]
