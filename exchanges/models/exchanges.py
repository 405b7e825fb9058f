"""Exchanges: the dated editions of programs, with their cost and their results."""

from datetime import date
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Case, F, Prefetch, Q, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.models import City, Pictured, Relationship, Source
from cities.records.constraints import choices_constraint, dates_in_order, optional
from cities.records.fields import date_on_record
from cities.records.publishing import Publishable, PublishableQuerySet
from cities.records.rules import enforce
from exchanges.models.funding import Funding
from exchanges.models.programs import Program
from exchanges.models.reports import Report
from exchanges.models.roles import ExchangeRole
from exchanges.models.rules import RULES, TOO_LATE, is_too_late
from exchanges.money import currency_choices, in_words
from exchanges.states import CALLED_OFF, Phase, State, phase


class Direction(models.TextChoices):
    """Who travels in an exchange."""

    OUT = "out", _("From the home city to the partner")
    IN = "in", _("From the partner to the home city")
    BOTH = "both", _("Both ways")
    VIRTUAL = "virtual", _("Online")


def phase_conditions(on: date) -> list[tuple[Q, Phase]]:
    """Return the condition of each phase on a day; the first that holds is the phase.

    They need `ExchangeQuerySet.with_last_days`. If none holds, the day is unknown.
    """
    surely_under_way = Q(begins_latest__lte=on, may_be_over__gte=on)
    opened = Q(state=State.OPEN, applications_close_on__isnull=False) & (
        Q(applications_open_on__isnull=True) | Q(applications_open_on__lte=on)
    )
    has_a_day = Q(begins_earliest__isnull=False, begins_latest__isnull=False)
    may_have_begun = Q(state=State.HELD, begins_earliest__lte=on)
    return [
        *((Q(state=state), phase) for state, phase in CALLED_OFF.items()),
        (has_a_day & (Q(last__lt=on) | may_have_begun & ~surely_under_way), Phase.PAST),
        (has_a_day & Q(begins_latest__lte=on), Phase.UNDER_WAY),
        (opened & Q(applications_close_on__gte=on), Phase.OPEN),
        (opened, Phase.APPLICATIONS_OVER),
        (has_a_day, Phase.COMING),
    ]


class ExchangeQuerySet(PublishableQuerySet):
    visible_through = ("program",)

    def with_phase(self, on: date) -> Self:
        """Annotate each row with its `phase` on day `on`, computed by the database.

        It agrees with `exchanges.states.phase`.
        """
        whens = (When(when, then=Value(phase)) for when, phase in phase_conditions(on))
        return self.with_last_days().annotate(
            phase=Case(*whens, default=Value(Phase.DAY_UNKNOWN), output_field=models.CharField())
        )

    def with_last_days(self) -> Self:
        """Name the last day it may take, and the first on which it may be over."""
        return self.alias(
            last=Coalesce("ends_latest", "begins_latest"),
            may_be_over=Coalesce("ends_earliest", "begins_earliest"),
        )

    def of_year(self, year: int) -> Self:
        """Filter to those that certainly began in the year; a vague date may be in no year."""
        first, last = date(year, 1, 1), date(year, 12, 31)
        return self.filter(begins_earliest__gte=first, begins_latest__lte=last)

    def held(self) -> Self:
        return self.filter(state=State.HELD)

    def with_partner(self, place: City) -> Self:
        """Filter to exchanges of the city’s public relationships."""
        relationships = Relationship.objects.public().filter(partner=place)
        return self.filter(relationships__in=relationships).distinct()

    def for_list(self) -> Self:
        """Prefetch the program, the public relationships with their cities, and the place."""
        relationships = Relationship.objects.public().with_places()
        return self.select_related("program", "where").prefetch_related(
            Prefetch("relationships", relationships, to_attr="public_relationships")
        )

    def for_page(self) -> Self:
        """Prefetch also the public organizations, the funding and the sources."""
        whole = self.for_list().select_related("counts_source")
        return whole.prefetch_related(
            Prefetch("roles", ExchangeRole.objects.public(), to_attr="public_roles"),
            Prefetch("funding", Funding.objects.public(), to_attr="public_funding"),
            Prefetch("sources", Source.objects.public(), to_attr="public_sources"),
        )


class Exchange(Pictured, Report, Publishable):
    """One edition of a program: its dates, who can take part, the cost and the results.

    It counts people and never names them.
    """

    slug = models.SlugField(_("web address"), max_length=100, unique=True)
    program = models.ForeignKey(
        Program,
        verbose_name=_("program"),
        related_name="exchanges",
        on_delete=models.PROTECT,
    )
    title = models.CharField(_("title"), max_length=200)
    relationships = models.ManyToManyField(
        Relationship,
        verbose_name=_("relationships"),
        related_name="exchanges",
        help_text=_("The relationships that take part."),
    )
    direction = models.CharField(
        _("direction"),
        max_length=10,
        choices=Direction,
        blank=True,
        help_text=_("Who travels. Leave blank if unknown."),
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PLANNED)
    reason = models.TextField(
        _("why it is postponed or canceled"),
        blank=True,
        validators=[MaxLengthValidator(500)],
        help_text=_("The public can read this."),
    )
    begins, begins_earliest, begins_latest = date_on_record("begins", _("begins"), blank=True)
    ends, ends_earliest, ends_latest = date_on_record("ends", _("ends"), blank=True)
    where = models.ForeignKey(
        City,
        verbose_name=_("city"),
        related_name="+",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("The city where it takes place, if it is on record."),
    )
    venue = models.CharField(
        _("venue"),
        max_length=200,
        blank=True,
        help_text=_("The school, hall or neighborhood. Never somebody’s home."),
    )
    applications_open_on = models.DateField(_("applications open on"), null=True, blank=True)
    applications_close_on = models.DateField(
        _("applications close on"),
        null=True,
        blank=True,
        help_text=_(
            "The last day to apply. After it, the page says that applications are closed."
        ),
    )
    cost = models.DecimalField(
        _("cost for one person"),
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("0 if it is free. Leave blank if unknown."),
    )
    cost_currency = models.CharField(
        _("currency of the cost"), max_length=3, choices=currency_choices, blank=True
    )
    cost_words = models.CharField(
        _("about the cost"),
        max_length=300,
        blank=True,
        help_text=_("What it covers, and who can get help paying for it."),
    )
    sources = models.ManyToManyField(
        Source, verbose_name=_("sources"), related_name="+", blank=True
    )

    objects = ExchangeQuerySet.as_manager()  # type: ignore[misc]

    _history_m2m_fields = [relationships, sources]  # read by simple-history

    picture_route = "exchanges:exchange-picture"

    class Meta(Publishable.Meta):
        verbose_name = _("exchange")
        verbose_name_plural = _("exchanges")
        ordering = [F("begins_earliest").desc(nulls_first=True), "slug"]
        constraints = [
            *Publishable.Meta.constraints,
            *Pictured.Meta.constraints,
            *Report.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(title=""),
                name="exchanges_exchange_has_a_title",
                violation_error_message=_("Enter a title for the exchange."),
            ),
            choices_constraint(
                "exchanges_exchange_vocabulary",
                _("Choose the direction and the state from the lists."),
                direction=optional(Direction),
                state=State,
            ),
            models.CheckConstraint(
                condition=Q(begins__isnull=True, ends__isnull=True)
                | (
                    Q(begins_earliest__isnull=False, begins_latest__isnull=False)
                    & (
                        Q(ends__isnull=True)
                        | Q(ends_earliest__isnull=False, ends_latest__isnull=False)
                    )
                ),
                name="exchanges_exchange_days_with_a_first_and_a_last",
                violation_error_message=_(
                    "Enter when it begins as well as when it ends. Each can be a year or a"
                    " month, but not “or earlier” or “or later”."
                ),
            ),
            dates_in_order(
                "begins",
                "ends",
                "exchanges_exchange_ends_after_it_begins",
                _("An exchange cannot end before it begins."),
            ),
            models.CheckConstraint(
                condition=~Q(state=State.HELD) | Q(begins_earliest__isnull=False),
                name="exchanges_exchange_held_on_a_day",
                violation_error_message=_(
                    "An exchange that was held needs a date. A year is enough."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(state=State.OPEN) | Q(applications_close_on__isnull=False),
                name="exchanges_exchange_open_until_a_day",
                violation_error_message=_(
                    "An exchange that is open for applications needs a last day to apply."
                ),
            ),
            models.CheckConstraint(
                condition=Q(applications_open_on__isnull=True)
                | Q(applications_close_on__isnull=True)
                | Q(applications_close_on__gte=F("applications_open_on")),
                name="exchanges_exchange_applications_close_after_they_open",
                violation_error_message=_("Applications cannot close before they open."),
            ),
            models.CheckConstraint(
                condition=Q(applications_close_on__isnull=True)
                | Q(begins_latest__isnull=True)
                | Q(applications_close_on__lte=F("begins_latest")),
                name="exchanges_exchange_applications_close_before_it_begins",
                violation_error_message=_(
                    "Applications must close before the exchange begins. Correct one of the dates."
                ),
            ),
            models.CheckConstraint(
                condition=(Q(state__in=[*CALLED_OFF]) & ~Q(reason=""))
                | (~Q(state__in=[*CALLED_OFF]) & Q(reason="")),
                name="exchanges_exchange_called_off_with_a_reason",
                violation_error_message=_(
                    "Say why the exchange is postponed or canceled. Leave that blank for other"
                    " exchanges."
                ),
            ),
            models.CheckConstraint(
                condition=Q(cost__isnull=True, cost_currency="")
                | (Q(cost__isnull=False, cost__gte=0) & ~Q(cost_currency="")),
                name="exchanges_exchange_cost_with_its_currency",
                violation_error_message=_(
                    "Enter a cost of 0 or more with its currency, or leave both blank."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.begins}" if self.begins else self.title

    def get_absolute_url(self) -> str:
        return reverse("exchanges:exchange", args=[self.slug])

    @property
    def was_public(self) -> bool:
        return super().was_public and self.program.was_public

    @property
    def is_held(self) -> bool:
        return self.state == State.HELD

    @property
    def public_where(self) -> City | None:
        """Return the city where it takes place, if a visitor may read about it."""
        return self.where if self.where is not None and self.where.is_published else None

    @property
    def cost_in_words(self) -> str:
        """Return the cost with its currency; empty if it is unknown."""
        return "" if self.cost is None else in_words(self.cost, self.cost_currency)

    def phase_on(self, day: date) -> Phase:
        """Return its phase on a day. For many at once: `ExchangeQuerySet.with_phase`."""
        return phase(self, day)

    def clean(self) -> None:
        self.draw_picture()
        if not hasattr(self, "program") or self.is_withdrawn:
            return  # the field has said so itself; or it has left the rules
        stored = Exchange.objects.filter(pk=self.pk).first() if self.pk else None
        enforce(RULES, self, stored, localdate())

    def publish(self) -> None:
        """Publish it. Raise `ValidationError` if it is open and its last day to apply is over."""
        if is_too_late(self.state, self.applications_close_on, localdate()):
            raise ValidationError({"applications_close_on": TOO_LATE})
        super().publish()

    @classmethod
    def withdrawal_blocks(cls, link: str, record: Publishable) -> list[str]:
        """Return the public exchanges of a program, which must be withdrawn first."""
        if link != "program":
            return []
        exchanges = cls.objects.public().filter(**{link: record})
        return [gettext("Withdraw its exchange “%s” first.") % exchange for exchange in exchanges]
