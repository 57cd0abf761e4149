"""Django's classes with the models they are for; they take these only where types are checked."""

from typing import TYPE_CHECKING

from django.contrib import admin

if TYPE_CHECKING:
    from reviewer.models import RuleChange, RuleRow

    AdminOfRules = admin.ModelAdmin[RuleRow]
    AdminOfRuleChanges = admin.ModelAdmin[RuleChange]
else:
    AdminOfRules = AdminOfRuleChanges = admin.ModelAdmin
