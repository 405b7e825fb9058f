"""What people typed into forms of the desk and have not saved: nothing typed is lost.

The page sends its input here while somebody types, whether it is right or wrong. It is no part of
the record, and its owner alone reads it.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

KEPT_FOR = timedelta(days=30)
KEPT_AT_MOST = 50
"""The forms that are kept of one person: the newest."""

SHOWN = "unsaved"
"""The parameter of a form's address that says which unsaved input to show in it."""

ADDRESS_LENGTH = 500
TITLE_LENGTH = 200


class UnsavedFormQuerySet(models.QuerySet):
    """Forms that people opened and typed into."""

    def of(self, person: Any) -> "UnsavedFormQuerySet":
        """Leave what somebody typed and has not saved yet, the newest first."""
        since = now() - KEPT_FOR
        return self.filter(person=person, kept_at__gte=since).exclude(input=[])


class UnsavedForm(models.Model):
    """The input of one form that somebody opened, as it was when they last typed.

    Once the form is saved its input is empty: what the browser sent before arrives too late.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    page = models.UUIDField()
    """Names the form from when it is opened until it is saved."""
    address = models.CharField(max_length=ADDRESS_LENGTH)
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    input = models.JSONField()
    """Names and values, in their order."""
    kept_at = models.DateTimeField()

    objects = UnsavedFormQuerySet.as_manager()

    class Meta:
        verbose_name = _("unsaved form")
        verbose_name_plural = _("unsaved forms")
        default_permissions = ()
        ordering = ["-kept_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "page"], name="cities_unsavedform_once_per_page"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "address"], name="cities_unsavedform_at_address"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def shown_at(self) -> str:
        """The address at which the form shows this input."""
        return f"{self.address}{'&' if '?' in self.address else '?'}{SHOWN}={self.page}"


def keep_input(
    person: Any, page: UUID, *, address: str, title: str, pairs: Sequence[Sequence[str]]
) -> None:
    """Keep what somebody typed so far, unless the form was saved meanwhile.

    With each new form everybody's old ones go.
    """
    typed = {"address": address, "title": title, "input": pairs, "kept_at": now()}
    own = UnsavedForm.objects.filter(person=person)
    if own.filter(page=page).exclude(input=[]).update(**typed):
        return
    new = UnsavedForm(person=person, page=page, **typed)
    UnsavedForm.objects.bulk_create([new], ignore_conflicts=True)  # it was saved meanwhile
    kept = own.order_by("-kept_at", "-pk").values("pk")[:KEPT_AT_MOST]
    too_many = Q(person=person) & ~Q(pk__in=[row["pk"] for row in kept])
    UnsavedForm.objects.filter(too_many | Q(kept_at__lt=now() - KEPT_FOR)).delete()


def forget_input(person: Any, page: UUID) -> None:
    """Forget what somebody typed into a form: they saved it, or want it no more."""
    forgotten = UnsavedForm(person=person, page=page, input=[], kept_at=now())
    UnsavedForm.objects.bulk_create(
        [forgotten],
        update_conflicts=True,
        unique_fields=["person", "page"],
        update_fields=["input", "kept_at"],
    )
