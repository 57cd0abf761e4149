"""Why a file is not taken."""


class NotRead(Exception):
    """What is wrong with a file, as the end of a sentence that begins with its name."""


class NotDrawn(Exception):
    """A page that gives no picture."""
