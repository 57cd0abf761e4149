"""What a first view sends: the page with everything it names, compressed; fonts apart."""

import gzip
import re
from pathlib import Path
from urllib.parse import urldefrag, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders

from tests.bench.report import Row

NAMED = re.compile(r"""(?:href|src)="([^"]+\.(?:css|js|svg)(?:#[^"]*)?)\"""")
HASH = re.compile(r"\.[0-9a-f]{12}(?=\.)")  # in the names of collected files


def weight_rows(body: bytes) -> list[Row]:
    """The bars for a page's weight, from the HTML of one."""
    named = [static_name(one) for one in NAMED.findall(body.decode())]
    files = {name: data for name in dict.fromkeys(named) if name and (data := content(name))}
    sizes = {name: len(gzip.compress(data)) for name, data in files.items()}
    page = len(gzip.compress(body))
    whole = (page + sum(sizes.values())) / 1e3
    own = sum(size for name, size in sizes.items() if name.startswith("js/")) / 1e3
    sheets = sum(name.endswith(".css") for name in sizes)
    parts = ", ".join(f"{name} {size / 1e3:.0f}" for name, size in sizes.items())
    return [
        Row(
            "first view of the code page, compressed",
            value=f"{whole:.0f} KB",
            bar="<= 60 KB",
            is_met=whole <= 60,
            note=f"page {page / 1e3:.0f}, {parts}",
        ),
        Row(
            "  own script; stylesheets",
            value=f"{own:.1f} KB; {sheets}",
            bar="<= 10 KB; 1",
            is_met=own <= 10 and sheets == 1,
        ),
    ]


def static_name(address: str) -> str:
    """The name of a static file under its address, without the hash; empty for other things."""
    path = urlsplit(urldefrag(address)[0]).path
    prefix = settings.STATIC_URL
    return HASH.sub("", path.removeprefix(prefix)) if path.startswith(prefix) else ""


def content(name: str) -> bytes | None:
    found = finders.find(name)
    return Path(str(found)).read_bytes() if found else None
