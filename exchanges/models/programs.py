"""Programs: what partner cities do together regularly, and how to take part."""

from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.models import Relationship, Source
from cities.records.constraints import choices_constraint, dates_in_order, optional
from cities.records.fields import date_on_record
from cities.records.publishing import Publication, Publishable, PublishableQuerySet
from exchanges.models.roles import ProgramRole
from exchanges.states import State


class ProgramKind(models.TextChoices):
    """What a program is about, in the categories of Sister Cities International."""

    YOUTH_EDUCATION = "youth_education", _("Youth and education")
    ARTS_CULTURE = "arts_culture", _("Arts and culture")
    BUSINESS_TRADE = "business_trade", _("Business and trade")
    MUNICIPAL_TECHNICAL = "municipal_technical", _("Municipal and technical")
    HUMANITARIAN = "humanitarian", _("Humanitarian assistance")
    MEDICAL = "medical", _("Medical")
    SPORTS = "sports", _("Sports")
    SUSTAINABILITY = "sustainability", _("Sustainability")


class Audience(models.TextChoices):
    """Who can take part."""

    EVERYONE = "everyone", _("Everyone")
    SCHOOL_STUDENTS = "school_students", _("School students")
    COLLEGE_STUDENTS = "college_students", _("College students")
    TEACHERS = "teachers", _("Teachers")
    YOUNG_PEOPLE = "young_people", _("Young people")
    FAMILIES = "families", _("Families")
    ARTISTS = "artists", _("Artists")
    BUSINESSES = "businesses", _("Businesses")
    PUBLIC_OFFICIALS = "public_officials", _("Public officials")
    HEALTH_WORKERS = "health_workers", _("Health workers")
    ATHLETES = "athletes", _("Athletes")


class ProgramQuerySet(PublishableQuerySet):
    def for_list(self) -> Self:
        """Prefetch its public relationships, each with its cities."""
        relationships = Relationship.objects.public().with_places()
        return self.prefetch_related(
            Prefetch("relationships", relationships, to_attr="public_relationships")
        )

    def for_page(self) -> Self:
        """Prefetch also its public organizations and its public sources."""
        roles = ProgramRole.objects.public()
        return self.for_list().prefetch_related(
            Prefetch("roles", roles, to_attr="public_roles"),
            Prefetch("sources", Source.objects.public(), to_attr="public_sources"),
        )


class Program(Publishable):
    """Something that partner cities do together regularly; its editions are exchanges."""

    slug = models.SlugField(_("web address"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(
        _("kind"),
        max_length=20,
        choices=ProgramKind,
        blank=True,
        help_text=_("Leave blank if unknown."),
    )
    audience = models.CharField(
        _("audience"),
        max_length=20,
        choices=Audience,
        blank=True,
        help_text=_("Leave blank if unknown."),
    )
    for_whom = models.CharField(
        _("who can take part"),
        max_length=300,
        blank=True,
        help_text=_("In plain words: students ages 14 to 16 who live in the city."),
    )
    relationships = models.ManyToManyField(
        Relationship, verbose_name=_("relationships"), related_name="programs"
    )
    summary = models.TextField(
        _("summary"),
        blank=True,
        validators=[MaxLengthValidator(2000)],
        help_text=_("What it is, in plain words. Never name participants."),
    )
    how_to_apply = models.TextField(
        _("how to apply"),
        blank=True,
        validators=[MaxLengthValidator(2000)],
        help_text=_("What to send, where to send it, and what happens next."),
    )
    application_address = models.URLField(_("link to apply"), max_length=500, blank=True)
    contact_office = models.CharField(
        _("contact"),
        max_length=160,
        blank=True,
        help_text=_("An office, not a person: the Sister Cities office."),
    )
    contact_email = models.EmailField(
        _("e-mail address"),
        blank=True,
        help_text=_("The address of the office. Everyone can read it."),
    )
    since, since_earliest, since_latest = date_on_record(
        "since",
        _("since"),
        blank=True,
        help_text=_("Leave blank if we have no record of when it began."),
    )
    until, until_earliest, until_latest = date_on_record(
        "until",
        _("until"),
        blank=True,
        help_text=_("Leave blank while it continues, or if unknown."),
    )
    sources = models.ManyToManyField(
        Source, verbose_name=_("sources"), related_name="+", blank=True
    )

    objects = ProgramQuerySet.as_manager()  # type: ignore[misc]

    _history_m2m_fields = [relationships, sources]  # read by simple-history

    class Meta(Publishable.Meta):
        verbose_name = _("program")
        verbose_name_plural = _("programs")
        ordering = ["title", "slug"]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(title=""),
                name="exchanges_program_has_a_title",
                violation_error_message=_("Enter a title for the program."),
            ),
            choices_constraint(
                "exchanges_program_vocabulary",
                _("Choose the kind and the audience from the lists."),
                kind=optional(ProgramKind),
                audience=optional(Audience),
            ),
            models.CheckConstraint(
                condition=Q(contact_email="") | ~Q(contact_office=""),
                name="exchanges_program_email_of_an_office",
                violation_error_message=_(
                    "Enter the office that the e-mail address belongs to, as the contact."
                ),
            ),
            dates_in_order(
                "since",
                "until",
                "exchanges_program_ends_after_it_begins",
                _("A program cannot end before it begins."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("exchanges:program", args=[self.slug])

    @property
    def says_how_to_apply(self) -> bool:
        return bool(self.how_to_apply or self.application_address)

    def clean(self) -> None:
        if not self.says_how_to_apply and self._takes_applications():
            raise ValidationError(
                {
                    "how_to_apply": gettext(
                        "An exchange of this program is open for applications."
                        " Say how to apply, or close it first."
                    )
                }
            )

    def _takes_applications(self) -> bool:
        """Return whether one of its exchanges is open and its last day has not passed."""
        if self.pk is None:
            return False
        exchanges = self.exchanges.exclude(publication=Publication.WITHDRAWN)
        return exchanges.filter(state=State.OPEN, applications_close_on__gte=localdate()).exists()
