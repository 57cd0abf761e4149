"""Tags of the reviewers' pages."""

from uuid import uuid4

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def intent() -> SafeString:
    """The hidden key by which a form is carried out once (`reviewer.decorators.once`)."""
    return format_html('<input type="hidden" name="intent" value="{}">', uuid4())
