"""Public statements of office holders about a city or a relationship."""

from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.models import City, Organization, Relationship, Source
from cities.records.fields import date_on_record
from cities.records.publishing import Publishable, PublishableQuerySet


class StatementQuerySet(PublishableQuerySet):
    def concerning(self, place: City) -> Self:
        """Filter to statements about a city or its relationship."""
        return self.filter(Q(places=place) | Q(relationships__partner=place)).distinct()


class Statement(Publishable):
    """A public statement by somebody in office. It decides nothing."""

    slug = models.SlugField(_("web address"), max_length=100, unique=True)
    title = models.CharField(_("title"), max_length=300, help_text=_("As printed."))
    speaker = models.CharField(
        _("speaker"), max_length=120, help_text=_("The name of the person.")
    )
    office = models.CharField(_("office"), max_length=120, blank=True)
    organization = models.ForeignKey(
        Organization,
        verbose_name=_("on behalf of"),
        related_name="+",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    on, on_earliest, on_latest = date_on_record("on", _("date"), blank=True)
    summary = models.TextField(
        _("what it says"),
        validators=[MaxLengthValidator(3000)],
        help_text=_("In our words, not the document’s."),
    )
    relationships = models.ManyToManyField(
        Relationship,
        verbose_name=_("about the relationships"),
        related_name="+",
        blank=True,
    )
    places = models.ManyToManyField(
        City, verbose_name=_("about the cities"), related_name="+", blank=True
    )
    source = models.ForeignKey(
        Source, verbose_name=_("source"), related_name="+", on_delete=models.PROTECT
    )

    objects = StatementQuerySet.as_manager()  # type: ignore[misc]

    _history_m2m_fields = [relationships, places]  # read by simple-history

    class Meta(Publishable.Meta):
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = [F("on_earliest").desc(nulls_last=True), "slug"]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(speaker="") & ~Q(summary=""),
                name="resolutions_statement_title_speaker_and_words",
                violation_error_message=_("Enter the title, who said it, and what it says."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("resolutions:statement", args=[self.slug])

    @property
    def frozen_fields(self) -> list[str]:
        return ["slug", "speaker", "source", *self.known("on")]

    def clean(self) -> None:
        if self.on_earliest is not None and self.on_earliest > localdate():
            raise ValidationError({"on": gettext("That date is in the future.")})

    blocks_withdrawal = {
        "organization": _(
            "“%s” was made on behalf of this organization. Withdraw that statement first."
        ),
        "source": _("“%s” needs this source. Withdraw that statement first."),
    }

    frozen_message = _(
        "This statement is published, so its speaker, date, source and web address"
        " cannot change. Withdraw it with a reason and add a new statement."
    )
