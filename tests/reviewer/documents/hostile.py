"""Files that want to hurt, made here: bombs, loops, and files that only pretend."""

import struct
import zlib
from io import BytesIO

from PIL import Image

from reviewer.demonstration.papers import assembled, pdf

NOTE = "Progress note. Standing tolerance 20 minutes."


def image(kind="PNG", size=(60, 80), mode="RGB", color="white"):
    drawn = BytesIO()
    Image.new(mode, size, color).save(drawn, kind)
    return drawn.getvalue()


def huge_image(side=60_000):
    """3.6 thousand million pixels that its header promises, in a few bytes."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\x00" * 1000)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )


def one_page(drawn, *more, extra=b""):
    """A PDF of one page that draws a stream, and further objects from the fifth on."""
    return assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
            b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
            b" %s >> >>" % extra,
            drawn,
            *more,
        ]
    )


def stream(data, extra=b""):
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), extra, data)


def bomb():
    """Less than a kilobyte that unpacks, filter after filter, to 400 megabytes."""
    packed = zlib.compress(zlib.compress(b"\x00" * (400 * 1024**2), 9), 9)
    for _ in range(2):
        packed = zlib.compress(packed, 9)
    filters = b"/Filter [" + b"/FlateDecode " * 4 + b"]"
    return one_page(stream(packed, filters))


def words_without_end():
    """A page of twelve million drawn words: work for minutes."""
    drawn = b"BT /F1 9 Tf 9 9 Td " + b"(words of a page) Tj " * 12_000_000
    return one_page(stream(zlib.compress(drawn, 1), b"/Filter /FlateDecode"))


def forms_in_forms(deep=40):
    """A form that draws the next one twice, and so on: 2 to the power of 40 drawings."""
    forms = []
    for number in range(deep):
        below = 6 + number
        forms.append(
            stream(
                b"/X Do /X Do" if number < deep - 1 else b"0 0 9 9 re f",
                b"/Type /XObject /Subtype /Form /BBox [0 0 612 792]"
                b" /Resources << /XObject << /X %d 0 R >> >>" % below,
            )
        )
    return one_page(stream(b"/X Do"), *forms, extra=b"/XObject << /X 5 0 R >>")


def pages_in_a_circle():
    """A tree of pages that has itself as a leaf."""
    return assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 499 >>",
        ]
    )


def encrypted():
    """A PDF that a password of its reader protects (the standard handler, revision 2)."""
    key = b"<%s>" % (b"ab" * 32)
    body = pdf([NOTE])
    secured = b"<< /Encrypt << /Filter /Standard /V 1 /R 2 /O %s /U %s /P -4 >> /ID [<00><00>]" % (
        key,
        key,
    )
    return body.replace(b"trailer\n<<", b"trailer\n" + secured)


def long_pdf(pages=501):
    return pdf(["A page"] * pages)


def picture_bomb(side=60_000):
    """A page that draws a picture of 3.6 thousand million pixels, packed to a few megabytes."""
    packed = zlib.compress(b"\x00" * (side * side // 8), 1)
    facts = b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray" % (
        side,
        side,
    )
    picture = stream(packed, facts + b" /BitsPerComponent 1 /Filter /FlateDecode")
    return one_page(stream(b"600 0 0 700 0 0 cm /X Do"), picture, extra=b"/XObject << /X 5 0 R >>")
