"""Documents of the demonstration, written as files by hand: a PDF of words, a fax as a picture."""

from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT, MARGIN, LEADING = 612, 792, 64, 16  # points: a letter page
FAX: Final = (850, 1100)
HEAD: Final = 15  # points of a first line


def pdf(pages: list[str]) -> bytes:
    """A PDF whose pages hold these lines; the first line of each is set larger."""
    objects: list[bytes] = [b"", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for page in pages:
        drawn = _lines(page).encode("latin-1", "replace")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % (WIDTH, HEIGHT, len(objects))
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    return assembled(objects)


def assembled(objects: list[bytes]) -> bytes:
    """A PDF file of the numbered objects; the first is its catalog."""
    file, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return file + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n"
        b"%%%%EOF\n" % (size, table, size, len(file))
    )


def _lines(page: str) -> str:
    first, *rest = page.strip().split("\n")
    down = HEIGHT - MARGIN
    parts = [f"BT /F1 {HEAD} Tf {MARGIN} {down} Td ({_escaped(first)}) Tj ET"]
    for number, line in enumerate(rest, 1):
        at = down - 8 - number * LEADING
        parts.append(f"BT /F1 11 Tf {MARGIN} {at} Td ({_escaped(line.strip())}) Tj ET")
    return "\n".join(parts)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def fax(page: str) -> bytes:
    """A page as a fax machine leaves it: a black and white picture as PNG, without words."""
    image = Image.new("1", FAX, 1)
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(20)
    for number, line in enumerate(page.strip().split("\n")):
        pen.text((70, 80 + 34 * number), line.strip(), fill=0, font=font)
    drawn = BytesIO()
    image.save(drawn, "PNG")
    return drawn.getvalue()
