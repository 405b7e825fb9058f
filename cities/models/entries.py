"""The history of a relationship: dated entries, each with its sources."""

from typing import Self

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Prefetch, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.models.agreements import Agreement
from cities.models.citations import Citation
from cities.models.cities import City
from cities.models.entry_rules import RULES
from cities.models.evidence import DocumentSought
from cities.models.organizations import Organization
from cities.models.relationships import Relationship, RelationshipType
from cities.records.constraints import choices_constraint
from cities.records.fields import date_on_record
from cities.records.languages import check_language, language_name
from cities.records.numbering import FROM_ONE, CitedByNumber, Numbered, number_once
from cities.records.publishing import Publication, PublishableQuerySet
from cities.records.rules import enforce
from cities.standing import ACTIVE, ENDINGS, MOVING, PLANS, PROPOSALS, Kind, Party


class Acceptance(models.TextChoices):
    """Whether the Commission relies on an entry, or only keeps it as a claim."""

    ACCEPTED = "accepted", _("We rely on this")
    CLAIMED = "claimed", _("Someone claims this; we do not rely on it")


PARTNER_TERM = ("partner_term", "partner_term_language")


class EntryQuerySet(PublishableQuerySet):
    visible_through = ("relationship", "relationship__home", "relationship__partner")

    def for_reading(self) -> Self:
        """Select and prefetch what a page shows of an entry."""
        return self.for_history().select_related("relationship__partner", "relationship__home")

    def for_history(self) -> Self:
        """Select and prefetch the same for a page that has the relationship already."""
        return self.select_related("decided_by", "type", "partner").prefetch_related(
            Prefetch("citations", Citation.objects.public(), to_attr="public_citations")
        )

    def deciding_for(self, home: City) -> Self:
        """Filter to the accepted entries that an organization decided for the home city."""
        return self.filter(
            relationship__home=home,
            acceptance=Acceptance.ACCEPTED,
            decided_by__isnull=False,
            party__in=[Party.HOME, Party.BOTH],
        ).exclude(publication=Publication.WITHDRAWN)

    def counting(self) -> Self:
        """Filter to the entries that the standing is computed from: published and accepted."""
        return self.filter(publication=Publication.PUBLISHED, acceptance=Acceptance.ACCEPTED)

    def needing_source(self) -> Self:
        """Filter to the public entries that we rely on, so that each needs a source."""
        return self.public().counting().select_related(*self.visible_through)


class Entry(DocumentSought, CitedByNumber, Numbered):
    """One dated entry in the history of a relationship.

    Once it is published, what it says never changes: a wrong entry is withdrawn with a
    reason, and a new one is added. What was not known may still be filled in.
    """

    relationship = models.ForeignKey(
        Relationship,
        verbose_name=_("relationship"),
        related_name="entries",
        on_delete=models.PROTECT,
    )
    kind = models.CharField(_("what happened"), max_length=20, choices=Kind)
    on, on_earliest, on_latest = date_on_record("on", _("date"))
    party = models.CharField(
        _("which side does this affect?"), max_length=10, choices=Party, default=Party.BOTH
    )
    acceptance = models.CharField(
        _("do we rely on it?"), max_length=10, choices=Acceptance, default=Acceptance.ACCEPTED
    )
    why_not_preferred = models.TextField(
        _("why we do not rely on this"),
        blank=True,
        validators=[MaxLengthValidator(1000)],
        help_text=_("Required if we do not rely on this entry."),
    )
    decided_by = models.ForeignKey(
        Organization,
        verbose_name=_("decided by"),
        related_name="decisions",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_(
            "The council or commission that had the authority to decide on that date. Leave"
            " blank if we have no record of who decided."
        ),
    )
    type = models.ForeignKey(
        RelationshipType,
        verbose_name=_("new type"),
        related_name="entries",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_(
            "Required on the entry that makes the relationship active. After that, only if the"
            " type changes."
        ),
    )
    partner = models.ForeignKey(
        City,
        verbose_name=_("new partner"),
        related_name="taken_over",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_(
            "Only if the relationship continues with a successor, or with part of the partner."
        ),
    )
    partner_term = models.CharField(
        _("what the partner calls it"),
        max_length=80,
        blank=True,
        help_text=_("In the partner’s own language, if that is not our word: gemellaggio."),
    )
    partner_term_language = models.CharField(
        _("language of that word"), max_length=20, blank=True, validators=[check_language]
    )
    agreement = models.ForeignKey(
        Agreement,
        verbose_name=_("agreement"),
        related_name="entries",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    planned_for, planned_for_earliest, planned_for_latest = date_on_record(
        "planned_for",
        _("signing planned for"),
        blank=True,
        help_text=_("The day, or the month or year, if that is all we know."),
    )
    last_contact, last_contact_earliest, last_contact_latest = date_on_record(
        "last_contact",
        _("last contact"),
        blank=True,
        help_text=_("When the two cities were last in contact, as the report says."),
    )
    reason = models.TextField(
        _("reason"),
        blank=True,
        validators=[MaxLengthValidator(1000)],
        help_text=_("Why it was suspended or ended, in our words."),
    )
    condition = models.TextField(
        _("condition"),
        blank=True,
        validators=[MaxLengthValidator(1000)],
        help_text=_("What has to happen before a suspended relationship resumes."),
    )
    review_on = models.DateField(_("review suspension on"), null=True, blank=True)
    note = models.TextField(
        _("note"),
        blank=True,
        validators=[MaxLengthValidator(2000)],
        help_text=_("What happened, in our words. The public can read this."),
    )

    objects = EntryQuerySet.as_manager()  # type: ignore[misc]

    owner = "relationship"

    class Meta(Numbered.Meta):
        verbose_name = _("history entry")
        verbose_name_plural = _("history entries")
        # A claim may be known only as “or earlier”: it stands where it can have been at latest.
        ordering = ["relationship", Coalesce("on_earliest", "on_latest"), "number"]
        constraints = [
            *Numbered.Meta.constraints,
            *DocumentSought.Meta.constraints,
            number_once("relationship"),
            models.CheckConstraint(
                condition=FROM_ONE,
                name="cities_entry_number_from_one",
                violation_error_message=_("Entry numbers start at 1."),
            ),
            choices_constraint(
                "cities_entry_vocabulary",
                _("Choose what happened, which side it affects and whether we rely on it."),
                kind=Kind,
                party=Party,
                acceptance=Acceptance,
            ),
            models.CheckConstraint(
                condition=Q(acceptance=Acceptance.CLAIMED) | Q(on_earliest__isnull=False),
                name="cities_entry_accepted_has_a_first_day",
                violation_error_message=_(
                    "An entry that we rely on needs a date with a first possible day, such as"
                    " 1994 or August 19, 2013."
                ),
            ),
            models.CheckConstraint(
                condition=(Q(acceptance=Acceptance.CLAIMED) & ~Q(why_not_preferred=""))
                | Q(acceptance=Acceptance.ACCEPTED, why_not_preferred=""),
                name="cities_entry_claim_says_why_not_preferred",
                violation_error_message=_(
                    "If we do not rely on this entry, say why. If we do, leave that field blank."
                ),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=MOVING)
                | Q(type__isnull=True, partner__isnull=True, decided_by__isnull=True),
                name="cities_entry_only_moving_entries_decide",
                violation_error_message=_(
                    "A visit, a note or a dispute does not change the relationship. Leave"
                    " “decided by”, “new type” and “new partner” blank."
                ),
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.SUSPENDED) | Q(condition="", review_on__isnull=True),
                name="cities_entry_condition_of_a_suspension",
                violation_error_message=_(
                    "Only a suspension has a condition and a review date. Leave both blank."
                ),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[Kind.SUSPENDED, Kind.DORMANT, *ENDINGS]) | Q(reason=""),
                name="cities_entry_reason_of_an_end",
                violation_error_message=_(
                    "Only a suspension, a report of inactivity or an end has a reason. Use"
                    " the note instead."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(partner_term="") & ~Q(partner_term_language="")
                | Q(partner_term="", partner_term_language=""),
                name="cities_entry_partner_term_in_a_language",
                violation_error_message=_(
                    "Enter what the partner calls it and the language of that word, or neither."
                ),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[*PROPOSALS, *ACTIVE]) | Q(partner_term=""),
                name="cities_entry_partner_term_of_a_type",
                violation_error_message=_(
                    "Only an entry that proposes, agrees or names the relationship says what the"
                    " partner calls it. Leave that blank."
                ),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=PLANS) | Q(planned_for__isnull=True),
                name="cities_entry_day_of_a_planned_signing",
                violation_error_message=_(
                    "Only a signing that is planned or postponed has a planned date. Leave it"
                    " blank."
                ),
            ),
            models.CheckConstraint(
                condition=Q(planned_for_latest__isnull=True)
                | Q(on_earliest__isnull=True)
                | Q(planned_for_latest__gte=F("on_earliest")),
                name="cities_entry_planned_for_a_later_day",
                violation_error_message=_(
                    "The signing cannot be planned for a day before the plan was reported. Correct"
                    " one of the dates."
                ),
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.DORMANT) | Q(last_contact__isnull=True),
                name="cities_entry_last_contact_before_inactivity",
                violation_error_message=_(
                    "Only a report of inactivity has a last contact. Leave it blank."
                ),
            ),
            models.CheckConstraint(
                condition=Q(last_contact_earliest__isnull=True)
                | Q(on_latest__isnull=True)
                | Q(last_contact_earliest__lte=F("on_latest")),
                name="cities_entry_last_contact_not_later",
                violation_error_message=_(
                    "The last contact cannot be after the report of inactivity. Correct one of the"
                    " dates."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(kind=Kind.PARTNER_CEASED) | Q(party=Party.PARTNER),
                name="cities_entry_only_the_partner_ceases",
                violation_error_message=_(
                    "If the partner no longer exists, only the partner’s side changes. Add a"
                    " separate entry for what the home city did about it."
                ),
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(relationship)s, entry %(number)s: %(kind)s, %(date)s") % {
            "relationship": self.relationship,
            "number": self.number or "?",
            "kind": self.get_kind_display(),
            "date": self.on,
        }

    def get_absolute_url(self) -> str:
        return f"{self.relationship.get_absolute_url()}#entry-{self.number}"

    @property
    def counts(self) -> bool:
        """Return whether the standing is computed from it, as in `EntryQuerySet.counting`."""
        return self.is_published and self.acceptance == Acceptance.ACCEPTED

    @property
    def partner_term_language_name(self) -> str:
        return language_name(self.partner_term_language)

    @property
    def is_claimed(self) -> bool:
        return self.acceptance == Acceptance.CLAIMED

    @property
    def moves_standing(self) -> bool:
        return self.kind in MOVING

    @property
    def needs_decider(self) -> bool:
        """Return whether the page must say who decided, or that we have no record of it."""
        return self.moves_standing and not self.is_claimed and self.party != Party.PARTNER

    def clean(self) -> None:
        if self.relationship_id is None or self.on is None:
            return  # the fields have said so themselves
        if self.is_withdrawn:
            return  # it is no longer part of the history
        enforce(RULES, self)

    @property
    def frozen_fields(self) -> list[str]:
        """Return its number and what it says; also who decided, once that is known."""
        says = ["kind", "on", "party", "acceptance", "type", "partner"]
        known = self.known("decided_by", "planned_for", "last_contact", *PARTNER_TERM)
        return ["relationship", "number", *says, *known]

    blocks_withdrawal = {
        "decided_by": _("It decided “%s”. Withdraw that entry first."),
        "partner": _("It became the partner through “%s”. Withdraw that entry first."),
    }

    frozen_message = _(
        "This entry is published, so you cannot change what it says. Withdraw it with a reason"
        " and add a new entry."
    )

    @property
    def warnings(self) -> list[str]:
        """Return what is odd but allowed: a date before the partner existed, or after.

        Anything is after the end of a city; a relationship with it can also only be in effect
        before an entry says that it no longer existed.
        """
        place = self.partner or self.relationship.partner
        found = []
        if self.on_latest and place.began_earliest and self.on_latest < place.began_earliest:
            found.append(
                gettext("The entry is dated before %(place)s was founded (%(date)s).")
                % {"place": place.name, "date": place.began}
            )
        if self.on_earliest and place.ceased_latest and self.on_earliest > place.ceased_latest:
            found.append(
                gettext("The entry is dated after %(place)s was dissolved (%(date)s).")
                % {"place": place.name, "date": place.ceased}
            )
        if ending := self._earlier_end_of_partner():
            found.append(
                gettext("The entry is dated after the partner no longer existed (%(date)s).")
                % {"date": ending.on}
            )
        return found

    def _earlier_end_of_partner(self) -> "Entry | None":
        """Return the entry after which there was no partner for this one to be in effect with."""
        if self.kind not in ACTIVE or self.partner or self.on_earliest is None:
            return None
        endings = self.relationship.entries.counting().filter(kind=Kind.PARTNER_CEASED)
        return endings.filter(on_latest__lt=self.on_earliest).order_by("on_latest").last()
