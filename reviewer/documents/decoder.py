"""The program that opens a stranger's file: `decoder.py read KIND` or `decoder.py draw KIND PAGE
WIDTH`, the file on its input, the answer on its output.

It is started by path and alone, imports nothing of the site, and first of all takes its own
limits upon itself. An exit status other than 0 says why there is no answer.
"""

import json
import resource
import sys
from io import BytesIO
from typing import Any

MEMORY = 1024**3
ANSWER = 64 * 1024**2
MOST_PAGES = 500
MOST_WORDS = 200_000  # characters kept of a page
MOST_PIXELS = 64_000_000  # of an image that is opened
TALLEST = 6_000  # pixels of a picture that is drawn
ENCRYPTED, TOO_MANY_PAGES, BROKEN, TOO_MANY_PIXELS, NO_MEMORY = 3, 4, 5, 6, 7


def limit(seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (ANSWER, ANSWER))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def open_pdf(data: bytes) -> Any:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
        count = len(document)
    except pypdfium2.PdfiumError as error:
        sys.exit(ENCRYPTED if "password" in str(error).lower() else BROKEN)
    if count > MOST_PAGES:
        sys.exit(TOO_MANY_PAGES)
    if count == 0:
        sys.exit(BROKEN)
    return document


def open_image(data: bytes, kind: str) -> Any:
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # looked at here, before anything is decoded
    image = Image.open(BytesIO(data), formats=[kind.removeprefix("image/").upper()])
    if image.width * image.height > MOST_PIXELS:
        sys.exit(TOO_MANY_PIXELS)
    image.load()
    return image


def read(data: bytes, kind: str) -> bytes:
    """The words of every page, as JSON."""
    if kind != "application/pdf":
        open_image(data, kind)
        return json.dumps([""]).encode()
    document = open_pdf(data)
    words = [
        document[number].get_textpage().get_text_range()[:MOST_WORDS]
        for number in range(len(document))
    ]
    return json.dumps(words).encode()


def draw(data: bytes, kind: str, page: int, width: int) -> bytes:
    """A page as PNG, so many pixels wide; narrower where it would be too tall."""
    from PIL import Image, ImageOps

    if kind == "application/pdf":
        sheet = open_pdf(data)[page - 1]
        across, down = sheet.get_size()
        scale = min(width / max(across, 1), TALLEST / max(down, 1))
        image = sheet.render(scale=scale).to_pil()
    else:
        image = ImageOps.exif_transpose(open_image(data, kind))
        if "transparency" in image.info or image.mode in ("LA", "RGBA", "PA"):
            image = on_white(image.convert("RGBA"))
        image = image.convert("L" if image.mode in ("1", "L", "I", "I;16", "F") else "RGB")
        scale = min(width / image.width, TALLEST / image.height)
        if scale < 1:
            size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
            image = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2)
    drawn = BytesIO()
    image.save(drawn, "PNG")
    return drawn.getvalue()


def on_white(image: Any) -> Any:
    from PIL import Image

    return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)


def main(act: str, kind: str, seconds: str, *numbers: str) -> None:
    limit(int(seconds))
    data = sys.stdin.buffer.read()
    try:
        if act == "read":
            answer = read(data, kind)
        else:
            answer = draw(data, kind, *[int(number) for number in numbers])
    except MemoryError:
        sys.exit(NO_MEMORY)
    except Exception:
        sys.exit(BROKEN)  # whatever a stranger's file brings about: what it says is not repeated
    sys.stdout.buffer.write(answer)


if __name__ == "__main__":
    main(*sys.argv[1:])
