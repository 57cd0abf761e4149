"""What is raised where a change may not be."""


class Refused(Exception):
    """A change that may not be; `str()` is a sentence: what is wrong and what to do."""
