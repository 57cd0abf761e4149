"""Tags of the reviewers' pages."""

from uuid import UUID, uuid4

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def intent(sent: str = "") -> SafeString:
    """The hidden key by which a form is carried out once (`reviewer.decorators.once`).

    A page that comes back without any effect may go on with the key that was `sent`: it is the
    same form of the same tab.
    """
    try:
        key = UUID(sent)
    except ValueError:
        key = uuid4()
    return format_html('<input type="hidden" name="intent" value="{}">', key)
