"""What the site itself keeps: the index of the search, versions of rules, tries to sign in."""

from django.conf import settings
from django.db import models


class SearchDocument(models.Model):
    """What the search index holds of a published record. `lrscc.search.index` writes it.

    `head` and `body` are tokens of `cities.records.folding` with a space between them. Each
    database has its own index of the two, made in a migration: change this table without
    remaking it.
    """

    kind = models.CharField(max_length=20)
    """What its app calls the kind of record, in its search fields."""
    object_id = models.BigIntegerField()
    slug = models.CharField(max_length=130)
    url = models.CharField(max_length=200)
    title = models.TextField()
    also = models.JSONField(default=list)
    """Other names of it: ``[text, language]``."""
    names = models.TextField()
    """Each of its names, folded, in strokes: ``|otsu|大津市|``."""
    places = models.TextField()
    """Slugs of the public places that it is about, in strokes: ``|otsu|asan|``."""
    dated = models.CharField(max_length=120)
    """Its date in EDTF, or nothing."""
    day = models.DateField(null=True)
    """The first day that date can mean."""
    text = models.TextField()
    """Its words as they stand, for extracts."""
    head = models.TextField()
    body = models.TextField()

    class Meta:
        default_permissions = ()
        ordering = ["kind", "url"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_id"], name="lrscc_searchdocument_once_per_record"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class DerivedVersion(models.Model):
    """By which version of its rules the rows of a derivation were made."""

    name = models.CharField(max_length=100, primary_key=True)
    version = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.name}: {self.version}"


class Tries(models.Model):
    """How often a secret was tried. `lrscc.accounts.throttle` counts."""

    key = models.CharField(max_length=64, primary_key=True)
    """A hash of what was tried, and by which name and address."""
    number = models.PositiveIntegerField()
    last = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.key}: {self.number}"


class Account(models.Model):
    """What Django's accounts do not say about themselves."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True)
    is_printed = models.BooleanField(default=False)
    """Its first password was printed by the first start."""
    sessions_since = models.DateTimeField(null=True)
    """Sessions that began before are over."""

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.user_id)


class SignInLink(models.Model):
    """A link by which somebody may choose a password, once. `lrscc.accounts.links` makes it."""

    class Kind(models.TextChoices):
        INVITATION = "invitation"
        RESET = "reset"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    kind = models.CharField(max_length=10, choices=Kind)
    digest = models.CharField(max_length=64, unique=True)
    """A hash of the token in the link, so that nobody makes the link from it."""
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.kind} of {self.user_id}"


class SentForm(models.Model):
    """A form that added something. `lrscc.sent_forms` knows it when it is sent again."""

    key = models.CharField(max_length=64, primary_key=True)
    """A hash of who sent what to where."""
    led_to = models.TextField()
    """Where the browser was led then, or nothing while it is being saved."""
    sent_at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.key}: {self.led_to}"
