"""The log: every public change of every record, in the order in which it became public.

Its rows are only added. The number of the newest one is the version of everything that visitors
see. `lrscc.changes` writes the log in the transaction of each change, and reads it.
"""

import secrets
import uuid
from typing import NamedTuple

from django.db import connection, models
from django.db.models import OuterRef, Q, Subquery
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from cities.records.constraints import choices_constraint


class ChangeKind(models.TextChoices):
    """What happened to a record."""

    PUBLISHED = "published", _("Published")
    CHANGED = "changed", _("Changed")
    CORRECTED = "corrected", _("Corrected")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    RESTORED = "restored", _("Restored")
    IMPORTED = "imported", _("Imported")
    RESTATED = "restated", _("Restated")


class Shown(models.IntegerChoices):
    """Where a reader finds an entry of the log."""

    NOWHERE = 0, _("Only to those who keep a copy")
    ON_ITS_PAGE = 1, _("On the page of the record")
    EVERYWHERE = 2, _("In every list of changes")


def new_name() -> str:
    """Return a name for an edition that no other installation, and no backup, can have given."""
    return secrets.token_hex(4)


class Edition(models.Model):
    """A stretch of the log that a copy can follow to its end.

    A new one begins when the rows before can no longer be trusted to be what a copy holds: after
    a restore, or once representations have another shape.
    """

    name = models.CharField(max_length=8, unique=True, default=new_name)
    shape = models.PositiveIntegerField()
    """The shape of its representations: `lrscc.changes.representation.SHAPE`."""
    follows = models.BigIntegerField(default=0)
    """The number of the last entry before it."""
    began = models.DateTimeField(default=now)
    reason = models.TextField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class LoggedRecord(models.Model):
    """A record that is or was public: what its newest entry says of it, and how to name it.

    `kind` is the label of its model, `object_id` its key there. `ref` names it for the public,
    together with its kind.
    """

    kind = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    ref = models.CharField(max_length=200)
    page = models.ForeignKey("self", models.PROTECT, null=True, related_name="shows")
    """The record whose page shows it: itself, if it has a page."""
    slug = models.CharField(max_length=200, blank=True)
    title = models.TextField(blank=True)
    language = models.CharField(max_length=35, blank=True)
    dated = models.CharField(max_length=120, blank=True)
    number = models.PositiveIntegerField(null=True)
    variety = models.CharField(max_length=40, blank=True)
    """Which kind of entry, text or action it is."""
    is_public = models.BooleanField()
    sha256 = models.CharField(max_length=64, blank=True)
    """Of its newest representation."""
    version = models.BigIntegerField(null=True)
    """The key of its newest row of history that the log has read."""
    newest = models.ForeignKey("LogEntry", models.PROTECT, null=True, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_id"], name="cities_loggedrecord_once_per_record"
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "ref"], name="cities_loggedrecord_ref"),
            # Few are hidden: the lists leave those out.
            models.Index(
                fields=["id"],
                name="cities_loggedrecord_hidden",
                condition=Q(is_public=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.ref}"


class LogEntry(models.Model):
    """One public change of one record.

    `number` is given by the database when the transaction commits, in the order of commits and
    without gaps; it is null only inside the transaction that adds the row.
    """

    number = models.BigIntegerField(null=True, editable=False, unique=True)
    batch = models.UUIDField()
    """What was saved together has the same."""
    record = models.ForeignKey(LoggedRecord, models.PROTECT, null=True, related_name="entries")
    """None for a line that sums up a batch."""
    kind = models.CharField(max_length=10, choices=ChangeKind)
    parts = models.JSONField(default=list)
    """The labels of the models of the parts that changed; empty if the record itself did."""
    count = models.PositiveIntegerField(null=True)
    """How many records a line sums up."""
    shown = models.PositiveSmallIntegerField(choices=Shown)
    moment = models.DateTimeField()
    office = models.CharField(max_length=150, blank=True)
    """The role of who made it; a star for somebody in no office; empty if nobody is on record."""
    reason = models.TextField(blank=True)
    feed_id = models.UUIDField(default=uuid.uuid4)
    """Names it in feeds for ever."""
    sha256 = models.CharField(max_length=64, blank=True)
    """Of the representation from then on; empty if the record is not public from then on."""

    class Meta:
        default_permissions = ()
        ordering = ["-number"]
        constraints = [
            choices_constraint(
                "cities_logentry_kind_known", _("Choose a kind of change."), kind=ChangeKind
            ),
            models.CheckConstraint(
                condition=Q(record__isnull=False, count__isnull=True)
                | Q(record__isnull=True, count__isnull=False),
                name="cities_logentry_record_or_count",
                violation_error_message=_("Name the record, or say how many there are."),
            ),
        ]
        indexes = [
            models.Index(fields=["shown", "-number"], name="cities_logentry_shown"),
            models.Index(fields=["record", "-number"], name="cities_logentry_of_record"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.record} {self.kind}"


class Representation(models.Model):
    """What the public could read of a record: canonical JSON (RFC 8785) by its SHA-256.

    It is emptied for good by `redact`, which says why; the database refuses any other change.
    """

    sha256 = models.CharField(max_length=64, primary_key=True)
    text = models.TextField(blank=True)
    redacted_at = models.DateTimeField(null=True)
    redacted_because = models.TextField(blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(redacted_at__isnull=True, redacted_because="") & ~Q(text="")
                | Q(redacted_at__isnull=False, text="") & ~Q(redacted_because=""),
                name="cities_representation_redacted_with_a_reason",
                violation_error_message=_("Say why it is removed. The public can read this."),
            ),
        ]

    def __str__(self) -> str:
        return self.sha256


def newest_moment(kind: str, key: str = "pk") -> Subquery:
    """Return when the newest entry of a record was made, by the column that holds its key."""
    told = LoggedRecord.objects.filter(kind=kind, object_id=OuterRef(key))
    return Subquery(told.values("newest__moment"))


class Version(NamedTuple):
    """The version of everything that visitors see."""

    edition: str
    number: int


_NEWEST = """
SELECT name, COALESCE((SELECT MAX(number) FROM cities_logentry), 0)
FROM cities_edition ORDER BY id DESC LIMIT 1
"""


def site_version() -> Version:
    """Return the version of what visitors see now. It reads two rows and writes nothing.

    Before the first migration has ended there is no edition: its name is empty then.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST)
        return Version(*(cursor.fetchone() or ("", 0)))
