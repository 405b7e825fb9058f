"""What cities are called, and summaries of them in other languages."""

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cities.models.cities import City
from cities.models.sources import Source
from cities.records.base import Record
from cities.records.constraints import dates_in_order, one_of
from cities.records.fields import date_on_record
from cities.records.languages import check_language, language_name, own_name


class NameKind(models.TextChoices):
    NATIVE = "native", _("In its own language")
    ROMANIZED = "romanized", _("In Latin letters")
    FORMER = "former", _("Former name")
    EXONYM = "exonym", _("Name in another language")
    MISSPELLED = "misspelled", _("Misspelled in a source")


class CityName(Record):
    """A name of a city in one language and script."""

    city = models.ForeignKey(
        City,
        related_name="names",
        on_delete=models.CASCADE,  # a name means nothing without its place
    )
    text = models.CharField(_("name"), max_length=200)
    language = models.CharField(
        _("language"),
        max_length=20,
        validators=[check_language],
        help_text=_("A language code, such as ja, ja-Latn, zh-Hans, ko or ru."),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=NameKind)
    since, since_earliest, since_latest = date_on_record(
        "since",
        _("since"),
        blank=True,
        help_text=_("When it got this name, as exactly as the source says: 1924, for example."),
    )
    until, until_earliest, until_latest = date_on_record(
        "until", _("until"), blank=True, help_text=_("Leave blank while it still has this name.")
    )
    source = models.ForeignKey(
        Source,
        verbose_name=_("source"),
        related_name="names",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )

    parents = ("city",)

    class Meta:
        verbose_name = _("name")
        verbose_name_plural = _("names")
        ordering = ["city", "kind", "language", "text"]
        constraints = [
            models.UniqueConstraint(
                fields=["city", "text", "language", "kind"],
                name="cities_cityname_once",
                violation_error_message=_("This name is already listed."),
            ),
            models.CheckConstraint(
                condition=~Q(text="") & one_of(kind=NameKind),
                name="cities_cityname_kind_known",
                violation_error_message=_("Enter the name and choose its kind from the list."),
            ),
            dates_in_order(
                "since",
                "until",
                "cities_cityname_ends_after_it_begins",
                _("A name cannot end before it begins. Correct one of the dates."),
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_native(self) -> bool:
        return self.kind == NameKind.NATIVE

    @property
    def language_name(self) -> str:
        return language_name(self.language)


class CitySummary(Record):
    """A summary of a relationship for readers of a language other than English.

    A person or an office is responsible for its text.
    """

    city = models.ForeignKey(
        City,
        related_name="summaries",
        on_delete=models.CASCADE,  # a summary means nothing without its place
    )
    language = models.CharField(
        _("language"),
        max_length=20,
        validators=[check_language],
        help_text=_(
            "A language code, such as ja, zh-Hans, ko or ru. English has its own field above."
        ),
    )
    text = models.TextField(
        _("summary"),
        validators=[MaxLengthValidator(2000)],
        help_text=_("Write in that language only. The text appears on the page as you write it."),
    )
    written_by = models.CharField(
        _("written by"),
        max_length=120,
        help_text=_(
            "The person or office responsible for the text. If software translated it,"
            " say so. The public can read this."
        ),
    )

    parents = ("city",)

    class Meta:
        verbose_name = _("summary in another language")
        verbose_name_plural = _("summaries in other languages")
        ordering = ["city", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["city", "language"],
                name="cities_citysummary_once",
                violation_error_message=_("There is already a summary in this language."),
            ),
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(written_by=""),
                name="cities_citysummary_has_words_and_author",
                violation_error_message=_("Enter the summary and who wrote it."),
            ),
            models.CheckConstraint(
                condition=~Q(language="en") & ~Q(language__startswith="en-"),
                name="cities_citysummary_not_in_english",
                violation_error_message=_(
                    "The English summary has its own field. Choose another language."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def language_name(self) -> str:
        return language_name(self.language)

    @property
    def own_language_name(self) -> str:
        return own_name(self.language)
