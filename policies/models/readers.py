"""Which version of a bulletin a person last read."""

from django.conf import settings
from django.db import models

from policies.models.bulletins import Bulletin
from policies.models.versions import Version
from policies.models.written_once import WrittenOnce


class Acknowledgment(WrittenOnce):
    """A person has read a version: at the first visit to its bulletin, later with a key.

    The one with the highest ordinal is what the person last read of the bulletin.
    """

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    bulletin = models.ForeignKey(Bulletin, models.PROTECT, related_name="+")
    version = models.ForeignKey(Version, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("reader", "version", name="a_version_is_acknowledged_once"),
        ]
        indexes = [models.Index("reader", "bulletin", name="what_a_reader_has_read")]

    def __str__(self) -> str:
        return f"{self.reader_id}: {self.version_id}"
