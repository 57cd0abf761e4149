"""What a mistyped code or number may have meant."""

from collections.abc import Iterator

from rapidfuzz.distance import OSA

from policies.models import Bulletin, Code

CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LONGEST = 8  # no code is longer
FEW = 8
MANY = 60


def one_edit_away(key: str) -> Iterator[str]:
    """Every key with one character wrong, missing, too many, or two of them swapped."""
    for at in range(len(key) + 1):
        head, tail = key[:at], key[at:]
        yield from (head + one + tail for one in CHARACTERS)
        if tail:
            yield head + tail[1:]
            yield from (head + one + tail[1:] for one in CHARACTERS)
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]


def likely_codes(key: str) -> list[Code]:
    """Known codes that the key may stand for: one slip away, or under its longest known start."""
    if not 2 <= len(key) <= LONGEST + 1:
        return []

    def slips(code: Code) -> tuple[int, bool, str]:
        return OSA.distance(key, code.key), sorted(key) != sorted(code.key), code.key

    known = Code.objects.prefetch_related("descriptors__release").order_by("key")
    near = sorted(known.filter(key__in=set(one_edit_away(key)) - {key})[:MANY], key=slips)
    for length in range(len(key) - 1, 2, -1):
        if len(near) >= FEW:
            break
        seen = {one.pk for one in near}
        near += [one for one in known.below(key[:length])[:FEW] if one.pk not in seen]
    return near[:FEW]


def likely_bulletins(number: str) -> list[Bulletin]:
    """Published bulletins under a number like this one."""
    digits = "".join(one for one in number if one.isdigit()).lstrip("0")
    if not digits:
        return []
    same = {digits.zfill(length) for length in (3, 4, 5)}
    near = same | set(one_edit_away(digits.zfill(4)))
    published = Bulletin.objects.filter(versions__status="published").distinct()
    return list(published.filter(number__in=near)[:FEW])
