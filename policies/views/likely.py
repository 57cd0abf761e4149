"""What a mistyped number of a bulletin may have meant."""

from policies.code_slips import one_edit_away
from policies.models import Bulletin

FEW = 8


def likely_bulletins(number: str) -> list[Bulletin]:
    """Published bulletins under a number like this one."""
    digits = "".join(one for one in number if one.isdigit()).lstrip("0")
    if not digits:
        return []
    same = {digits.zfill(length) for length in (3, 4, 5)}
    near = same | set(one_edit_away(digits.zfill(4)))
    published = Bulletin.objects.filter(versions__status="published").distinct()
    return list(published.filter(number__in=near)[:FEW])
