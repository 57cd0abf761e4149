"""Related bulletins both ways: those that a version names, and those that name its bulletin."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from django.urls import reverse

from policies.models import Bulletin
from policies.prepared import Row, ask_written
from policies.views.naming import Mention, numbers_in
from policies.views.places import named

# One statement, ready to be sent: every page of a bulletin asks it. A number is a word of the
# full-text index; after a hyphen ("CPB-0198") it is indexed with it, as if it were negative. How
# many passages hold it the database cannot know beforehand: each of them is followed by itself to
# what it stands in, for a plan that guesses high reads the sections of the whole library.
_BOTH_WAYS = """
SELECT number, title, NULL, '', '', '', '', '' FROM policies_bulletin WHERE number = ANY(%(named)s)
UNION ALL (
  SELECT place.number, place.title, place.ordinal,
         passage.anchor, place.kind, place.heading, place.label, passage.text
  FROM policies_passage passage
  CROSS JOIN LATERAL (
    SELECT bulletin.number, bulletin.title, version.ordinal,
           section.kind, section.heading, section.label
    FROM policies_section section, policies_publication publication, policies_version version
    JOIN policies_bulletin bulletin ON bulletin.id = version.bulletin_id
    WHERE section.id = passage.section_id
      AND version.id = passage.version_id
      AND publication.version_id = passage.version_id
      AND (publication.effective @> %(on)s
        OR publication.effective_from IS NULL AND publication.ended_on IS NULL)
      AND section.kind NOT IN ('references', 'codes')
      AND bulletin.number <> %(number)s
    OFFSET 0
  ) place
  WHERE passage.search @@ (
      phraseto_tsquery('english', %(number)s) || phraseto_tsquery('english', '-' || %(number)s))
    AND (place.kind = 'related' OR passage.text ~* %(called)s)
  ORDER BY place.number, passage.position
  LIMIT 300
)
"""


@dataclass(slots=True)
class Related:
    """A bulletin with the places that name it, or in which it names the one being read.

    `address` is empty where the library has no such bulletin; `base` is the address of the version
    in which the places are, empty where that is the one being read.
    """

    number: str
    title: str = ""
    address: str = ""
    base: str = ""
    mentions: list[Mention] = field(default_factory=list)


def related(
    bulletin: Bulletin, mentions: Iterable[Mention], on: date
) -> tuple[list[Related], list[Related]]:
    """What a version names, in its order, and the bulletins in effect on a day that name its own.

    One query.
    """
    names: dict[str, Related] = {}
    for one in mentions:
        names.setdefault(one.number, Related(one.number)).mentions.append(one)
    naming: dict[str, Related] = {}
    for number, title, ordinal, *passage in _rows(bulletin.number, list(names), on):
        address = _address(number)
        if ordinal is None:
            names[number].title, names[number].address = title, address
        elif mention := _mention(bulletin.number, *passage):
            base = reverse("policies:version_detail", args=[number, ordinal])
            found = naming.setdefault(number, Related(number, title, address, base))
            found.mentions.append(mention)
    return list(names.values()), list(naming.values())


@lru_cache(maxsize=4096)
def _address(number: str) -> str:
    return reverse("policies:bulletin_detail", args=[number])


def _rows(number: str, names: list[str], on: date) -> list[Row]:
    called = rf"(cpb|bulletin).*\m{re.escape(number)}\M"
    return ask_written(_BOTH_WAYS, {"named": names, "number": number, "on": on, "called": called})


def _mention(
    number: str, anchor: str, kind: str, heading: str, label: str, text: str
) -> Mention | None:
    """Where a passage that holds the number really names the bulletin."""
    if number not in numbers_in(text, is_list=kind == "related"):
        return None
    title = heading.rstrip(" :")
    return Mention(number, anchor, named(anchor, f"{label}. {title}" if label else title))
