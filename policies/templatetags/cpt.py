"""The notice that stands wherever CPT codes are described."""

from django import template

from policies.models import Release, System

register = template.Library()


@register.inclusion_tag("policies/parts/cpt_notice.html")
def cpt_notice() -> dict[str, bool]:
    """The AMA's own notice once a release with its descriptors is loaded."""
    publishers = Release.objects.filter(system=System.CPT, is_own_wording=False)
    return {"has_descriptors_of_ama": publishers.exists()}
