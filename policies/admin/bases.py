"""Django's classes with the models they are for; they take these only where types are checked."""

from typing import TYPE_CHECKING

from django import forms
from django.contrib import admin

if TYPE_CHECKING:
    from policies.models import (
        AuthorizationList,
        AuthorizationRule,
        BasisChange,
        Bulletin,
        Code,
        Descriptor,
        ImportRun,
        Release,
        ReleaseFinding,
        SynonymSet,
        Version,
    )

    AdminOfAuthorizationLists = admin.ModelAdmin[AuthorizationList]
    AdminOfAuthorizationRules = admin.ModelAdmin[AuthorizationRule]
    AdminOfBasisChanges = admin.ModelAdmin[BasisChange]
    AdminOfBulletins = admin.ModelAdmin[Bulletin]
    AdminOfVersions = admin.ModelAdmin[Version]
    AdminOfReleases = admin.ModelAdmin[Release]
    AdminOfReleaseFindings = admin.ModelAdmin[ReleaseFinding]
    AdminOfCodes = admin.ModelAdmin[Code]
    AdminOfImportRuns = admin.ModelAdmin[ImportRun]
    AdminOfSynonyms = admin.ModelAdmin[SynonymSet]
    DescriptorsOfCode = admin.TabularInline[Descriptor, Code]
    FormOfAuthorizationRule = forms.ModelForm[AuthorizationRule]
    FormOfVersion = forms.ModelForm[Version]
    FormOfSynonyms = forms.ModelForm[SynonymSet]
else:
    AdminOfBasisChanges = AdminOfBulletins = AdminOfVersions = AdminOfReleases = AdminOfCodes = (
        admin.ModelAdmin
    )
    AdminOfReleaseFindings = AdminOfImportRuns = AdminOfSynonyms = admin.ModelAdmin
    DescriptorsOfCode = admin.TabularInline
    FormOfVersion = FormOfSynonyms = forms.ModelForm
    AdminOfAuthorizationLists = AdminOfAuthorizationRules = admin.ModelAdmin
    FormOfAuthorizationRule = forms.ModelForm
