"""CMS's Place of Service code set: where a service is given, by two digits."""

import csv
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("places_of_service.csv")


@cache
def places_of_service() -> dict[str, str]:
    """The names by code, in the order of the set."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return {one["code"]: one["name"] for one in csv.DictReader(file)}
