"""A notice recorded as sent."""

from reviewer.forms.fields import Form, choice, fork
from reviewer.models import Notice


class NoticeForm(Form):
    """To whom a notice went and how. Its words are composed from the record."""

    recipient = fork("To whom", Notice.Recipient)
    channel = choice("How it was sent", Notice.Channel)
