"""A record with one picture, stored as a new drawing of the uploaded file."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cities.records.pictures import key_of, picture_name, redrawn


class Pictured(models.Model):
    """A record that may have a picture, with words for who cannot see it, and its credit.

    `picture_route` names the page that serves it, by the record's slug.
    """

    picture = models.FileField(
        _("picture"),
        upload_to=picture_name,  # an older one is never removed: the history refers to it
        blank=True,
        help_text=_("A JPEG, PNG or WebP file of at most 5 MB."),
    )
    picture_alt = models.CharField(
        _("what the picture shows"),
        max_length=300,
        blank=True,
        help_text=_("What the picture shows, for people who cannot see it."),
    )
    picture_credit = models.CharField(
        _("picture credit"),
        max_length=300,
        blank=True,
        help_text=_("Who made it and under which license or permission."),
    )
    picture_width = models.PositiveSmallIntegerField(_("picture width"), null=True, editable=False)
    picture_height = models.PositiveSmallIntegerField(
        _("picture height"), null=True, editable=False
    )

    picture_route: str
    slug: Any

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(picture="") | (~Q(picture_alt="") & ~Q(picture_credit="")),
                name="%(app_label)s_%(class)s_picture_with_alt_and_credit",
                violation_error_message=_("Say what the picture shows, and who made it."),
            ),
            models.CheckConstraint(
                condition=~Q(picture="") | Q(picture_alt="", picture_credit=""),
                name="%(app_label)s_%(class)s_picture_described_is_there",
                violation_error_message=_(
                    "There is no picture. Add one, or clear what it shows and its credit."
                ),
            ),
            models.CheckConstraint(
                condition=Q(picture="", picture_width__isnull=True, picture_height__isnull=True)
                | (
                    ~Q(picture="")
                    & Q(
                        picture_width__isnull=False,
                        picture_height__isnull=False,
                        picture_width__gt=0,
                        picture_height__gt=0,
                    )
                ),
                name="%(app_label)s_%(class)s_picture_with_its_size",
                violation_error_message=_("A picture needs its width and height."),
            ),
        ]

    @property
    def picture_address(self) -> str:
        """Return where its picture is served; another picture has another address."""
        address = reverse(self.picture_route, args=[self.slug])
        return f"{address}?v={key_of(self.picture)[:8]}"

    def draw_picture(self) -> None:
        """Keep a new picture as we draw it, and how large that is. For `clean`."""
        if not self.picture:
            self.picture_width = self.picture_height = None
        elif not self.picture._committed:  # type: ignore[attr-defined]
            try:
                picture = redrawn(self.picture)
            except ValidationError as error:
                raise ValidationError({"picture": error}) from None
            self.picture = picture
            self.picture_width, self.picture_height = picture.width, picture.height
