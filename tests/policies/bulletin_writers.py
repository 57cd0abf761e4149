"""Documents written out as the published text and as HTML, to be read again."""

from html import escape

BULLET = "•"
HIDDEN = '-<span class="sr-only">hyphen</span>'


def ordinal_of(label, depth):
    """The number behind a printed label: roman, letter, decimal, letter, roman, decimal."""
    if label.isdigit():
        return int(label)
    if depth in (1, 5):
        values = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
        numbers = [values[one] for one in label.upper()]
        following = [*numbers[1:], 0]
        return sum(a if a >= b else -a for a, b in zip(numbers, following, strict=True))
    number = 0
    for letter in label.lower():
        number = 26 * number + ord(letter) - ord("a") + 1
    return number


def code(span):
    plus = "+" if span.seventh_character else ""
    low, high = f"{span.low}{plus}", f"{span.high}{plus}"
    return ("+ " if span.add_on else "") + (low if span.low == span.high else f"{low} - {high}")


def cell(row):
    return ", ".join(code(one) for one in row.codes)


def words(row):
    is_continued = row.full_description != row.description
    return ("\u00a0 \u00a0 \u00a0 " if is_continued else "") + row.description


# As text


def as_text(document):
    lines = [document.title, "", f"Number:\u00a0{document.number}", ""]
    for section in document.sections:
        lines += section_text(section, document, 0)
    return "\n".join(lines) + "\n"


def section_text(section, document, indent):
    mark = "" if section.ordinal is None else f"{section.ordinal}. "
    lines = [f"{' ' * indent}{mark}{section.heading}", ""]
    for block in section.blocks:
        if block.kind == "item":
            bullet = block.label == BULLET
            mark = "*" if bullet else f"{ordinal_of(block.label, block.depth)}."
            lines += [f"{'  ' * block.depth}{mark} {block.text}", ""]
        else:
            lines += [f"{'  ' * (block.depth and block.depth + 1)}{block.text}", ""]
    if section.kind == "codes":
        lines += codes_text(document)
    for child in section.children:
        lines += section_text(child, document, 2 if child.ordinal is not None else 0)
    return lines


def codes_text(document):
    lines = [part for legend in document.legends for part in (legend, "")]
    scope = None
    for group in document.code_groups:
        if group.scope != scope:
            scope = group.scope
            lines += [f"{scope}:", ""]
        lines += [f"{group.heading}:", ""]
        for row in group.rows:
            if row.service_without_code:
                lines += [f"{row.description} -hyphen no specific code"]
            else:
                lines += [f"{cell(row)} {words(row)}"]
        lines += [""]
    return lines


# As HTML


def as_html(document):
    parts = [
        "<!DOCTYPE html>\n<html lang='en'><head><title>Page</title>",
        "<style>p { margin: 0 }</style><script>var policy = 'Policy';</script></head><body>",
        "<nav><ul><li><a href='/'>Home</a></li></ul></nav><main>",
        f"<h1>{text(document.title)}</h1>\n<p>Number:&nbsp;{document.number}</p>",
    ]
    for section in document.sections:
        parts += section_html(section, document, 2)
    parts += ["</main><footer><p>Legal notices</p></footer></body></html>"]
    return "\n".join(parts)


def section_html(section, document, level):
    parts = [f"<h{level}>{text(section.heading)}</h{level}>"] if section.heading else []
    parts += blocks_html(section.blocks, 0 if section.ordinal is None else 1)
    if section.kind == "codes":
        parts += codes_html(document)
    numbered = [one for one in section.children if one.ordinal is not None]
    free = [one for one in section.children if one.ordinal is None]
    before = [one for one in free if one.kind == "scope"]
    for child in before:
        parts += section_html(child, document, level + 1)
    if numbered:
        parts += [f"<ol start='{numbered[0].ordinal}'>"]
        for child in numbered:
            parts += ["<li>", *section_html(child, document, level + 2), "</li>"]
        parts += ["</ol>"]
    for child in free:
        if child not in before:
            parts += section_html(child, document, level + 1)
    return parts


def blocks_html(blocks, base):
    parts, lists = [], []

    def close_to(level):
        while len(lists) > level:
            parts.append(f"</li></{lists.pop()[0]}>")

    for block in blocks:
        level = block.depth - base
        if block.kind != "item":
            close_to(level)
            parts.append(f"<p>{text(block.text)}</p>")
            continue
        tag = "ul" if block.label == BULLET else "ol"
        number = 0 if tag == "ul" else ordinal_of(block.label, block.depth)
        close_to(level)
        if len(lists) == level and lists[-1][0] == tag and number in (0, lists[-1][1] + 1):
            parts.append("</li><li>")
            lists[-1] = (tag, number)
        else:
            close_to(level - 1)
            while len(lists) < level:
                lists.append((tag, number))
                parts.append(f"<{tag}{f' start={number}' if number else ''}><li>")
        parts.append(text(block.text) if number % 2 else f"<p>{text(block.text)}</p>")
    close_to(0)
    return parts


def codes_html(document):
    parts = ["<table><caption>Table:</caption><tr><th>Code</th><th>Code Description</th></tr>"]
    parts += [full_row(legend) for legend in document.legends]
    scope = None
    for group in document.code_groups:
        if group.scope != scope:
            scope = group.scope
            parts.append(full_row(f"{scope}:"))
        parts.append(full_row(f"{group.heading}:"))
        for row in group.rows:
            if row.service_without_code:
                parts.append(full_row(row.description, f" {HIDDEN} no specific code"))
            else:
                codes = text(cell(row)).replace(", ", ",<br>", 1)
                parts.append(f"<tr><td>{codes}</td><td>{text(words(row))}</td></tr>")
    return [*parts, "</table>"]


def full_row(words_, more=""):
    return f"<tr><td colspan='2'><strong>{text(words_)}</strong>{more}</td></tr>"


def text(words_):
    return escape(words_, quote=False).replace("\u00a0", "&nbsp;")
