"""What waits for the person on the first page of the admin."""

from typing import Any

from django import template

from policies.release_board.told import tasks_of

register = template.Library()


@register.inclusion_tag("admin/policies/release_tasks.html", takes_context=True)
def release_tasks(context: template.Context) -> dict[str, Any]:
    """Findings of releases in the person's own bulletins."""
    return {"tasks": tasks_of(context["request"].user)}
