"""The members of councils and commissions."""

from typing import Any

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cities.models import Organization
from cities.records.publishing import Publication, Publishable


class Member(Publishable):
    """A member of an organization, now or in the past. Only facts about the office are stored."""

    slug = models.SlugField(_("web address"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=120)
    sort_name = models.CharField(
        _("name to sort by"),
        max_length=120,
        help_text=_("Last name first: Wood, Carol."),
    )
    summary = models.TextField(
        _("summary"),
        blank=True,
        validators=[MaxLengthValidator(1000)],
        help_text=_("What the person did in office, in one or two plain sentences."),
    )

    class Meta(Publishable.Meta):
        verbose_name = _("member")
        verbose_name_plural = _("members")
        ordering = ["sort_name", "slug"]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(sort_name=""),
                name="resolutions_member_named",
                violation_error_message=_("Enter the member’s name, and the name to sort by."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("resolutions:member", args=[self.slug])

    def acted_in(self, organization: Organization) -> list[Any]:
        """Return the actions of an organization in which the person voted or moved."""
        theirs = Q(ballots__member=self) | Q(mover=self) | Q(seconder=self)
        actions = organization.actions.filter(theirs).exclude(publication=Publication.WITHDRAWN)
        return [*actions.select_related("resolution").distinct()]

    def attended_in(self, organization: Organization) -> list[Any]:
        """Return the meetings of an organization whose attendance lists the person."""
        meetings = organization.meetings.filter(attendance__member=self)
        return [*meetings.exclude(publication=Publication.WITHDRAWN)]
