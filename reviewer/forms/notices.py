"""A notice recorded as sent."""

from typing import Final

from reviewer.forms.fields import Form, choice, fork
from reviewer.models import Notice

WRITTEN: Final = [(one.value, one.label) for one in Notice.Channel if one != Notice.Channel.PHONE]


class NoticeForm(Form):
    """To whom a notice went and how. Its words are composed from the record."""

    recipient = fork("To whom", Notice.Recipient)
    channel = choice("How it was sent", WRITTEN)
