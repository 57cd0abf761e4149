"""Lines of files of codes, laid out column by column as their publishers state."""


def columns(length, **fields):
    """A line of blanks with texts set at columns counted from 1: `at_7="E0601"`."""
    line = [" "] * length
    for name, text in fields.items():
        start = int(name.removeprefix("at_")) - 1
        line[start : start + len(text)] = text
    return "".join(line)


def order_line(code, long="A long meaning", *, order="00001", flag="1", short="Meaning"):
    """A line of the ICD-10-CM order file."""
    return columns(77, at_1=order, at_7=code, at_15=flag, at_17=short) + long


def hcpcs_line(code, long="A long meaning", *, record="3", sequence="00100", **fields):
    """A record of the HCPCS file; further fields by their first column: `at_285="20251231"`."""
    stated = {"at_1": code, "at_6": sequence, "at_11": record, "at_12": long}
    if record in "37":
        stated |= {"at_92": "Meaning", "at_269": "20200101", "at_277": "20200101", "at_293": "N"}
    return columns(320, **stated | fields)


def file_of(*lines, end="\r\n", encoding="utf-8"):
    return "".join(f"{line}{end}" for line in lines).encode(encoding)
