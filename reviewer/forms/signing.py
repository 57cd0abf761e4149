"""The password beside a signature, so that nobody signs at a desk that someone else left."""

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.core import ratelimit
from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from reviewer.forms.fields import Form


def signed_in_recently(request: HttpRequest) -> bool:
    """Whether this person proved who they are within the last minutes."""
    assert isinstance(request.user, User)
    if not request.user.has_usable_password():  # signs in by other means; nothing to ask for
        return True
    proofs = get_authentication_records(request, request.user)
    return any(time.time() - one["at"] < app_settings.REAUTHENTICATION_TIMEOUT for one in proofs)


class SigningForm(Form):
    """Asks for the password where the last proof is too old; everything else stays as typed."""

    password = forms.CharField(
        label="Your password",
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
        help_text="A signature is proved again when some minutes have passed since you signed in.",
    )

    def __init__(self, *args: Any, http_request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.http_request = http_request
        if signed_in_recently(http_request):
            del self.fields["password"]

    def clean_password(self) -> str:
        """Checked by the rules and limits of signing in."""
        password: str = self.cleaned_data["password"]
        user = self.http_request.user
        if not ratelimit.consume(self.http_request, action="reauthenticate", user=user):
            raise ValidationError("Too many tries. Wait a minute, then sign again.")
        if not get_adapter().reauthenticate(user, password):
            raise ValidationError("This is not your password. Nothing was signed.")
        reauthenticate_by_password(self.http_request)
        return password
