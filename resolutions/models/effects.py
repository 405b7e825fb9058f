"""What a resolution does, who it is addressed to, and how they answered."""

from datetime import date
from operator import attrgetter
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.models import Citation, City, Entry, Organization, Relationship
from cities.models.entry_rules import decided_with_authority
from cities.records.constraints import one_of
from cities.records.dates import RecordDate
from cities.records.numbering import FROM_ONE, Numbered, number_once
from cities.records.publishing import Publication
from cities.standing import Kind, Party
from resolutions.course import adopting, in_order
from resolutions.models.resolutions import PartQuerySet, Resolution


class EffectKind(models.TextChoices):
    """What a text does. Some kinds decide the status of a relationship; urging never does."""

    URGES = "urges", _("urges")
    AUTHORIZES = "authorizes", _("authorizes")
    DIRECTS = "directs", _("directs")
    CONDEMNS = "condemns", _("condemns")
    RECOGNIZES = "recognizes", _("recognizes")
    APPROVES = "approves", _("approves")
    RENEWS = "renews", _("renews")
    SUSPENDS = "suspends", _("suspends")
    RESUMES = "resumes", _("resumes")
    TERMINATES = "terminates", _("terminates")


DECIDES: dict[str, Kind] = {
    EffectKind.APPROVES: Kind.APPROVED,
    EffectKind.RENEWS: Kind.RENEWED,
    EffectKind.SUSPENDS: Kind.SUSPENDED,
    EffectKind.RESUMES: Kind.RESUMED,
    EffectKind.TERMINATES: Kind.TERMINATED,
}
"""Effects that decide the status of a relationship, and the kind of entry each makes."""


class Effect(Numbered):
    """One thing that a resolution does.

    A decision about a relationship is bound to an entry of its history once the resolution is
    adopted; its organization needs authority over it that day. What urges, directs or condemns
    never changes the history.
    """

    resolution = models.ForeignKey(
        Resolution, verbose_name=_("resolution"), related_name="effects", on_delete=models.PROTECT
    )
    kind = models.CharField(_("what it does"), max_length=12, choices=EffectKind)
    what = models.TextField(
        _("description"),
        validators=[MaxLengthValidator(1000)],
        help_text=_("In our words, to follow the verb: “the Commission to end the relationship”."),
    )
    addressed_to = models.ForeignKey(
        Organization,
        verbose_name=_("addressed to"),
        related_name="+",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    relationship = models.ForeignKey(
        Relationship,
        verbose_name=_("about the relationship"),
        related_name="+",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    place = models.ForeignKey(
        City,
        verbose_name=_("about the city"),
        related_name="+",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    entry = models.ForeignKey(
        Entry,
        verbose_name=_("history entry"),
        related_name="+",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_(
            "The entry that records this decision. If left blank, it is added when the adopted"
            " resolution is published."
        ),
    )

    objects = PartQuerySet.as_manager()  # type: ignore[misc]

    owner = "resolution"

    class Meta(Numbered.Meta):
        verbose_name = _("effect")
        verbose_name_plural = _("effects")
        ordering = ["resolution", "number"]
        constraints = [
            *Numbered.Meta.constraints,
            number_once("resolution"),
            models.CheckConstraint(
                condition=FROM_ONE & one_of(kind=EffectKind) & ~Q(what=""),
                name="resolutions_effect_kind_and_words",
                violation_error_message=_(
                    "Choose what the text does, and describe it in our words."
                ),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=DECIDES, relationship__isnull=False)
                | (~Q(kind__in=DECIDES) & Q(entry__isnull=True)),
                name="resolutions_effect_decides_a_relationship",
                violation_error_message=_(
                    "A decision needs its relationship. What only urges, directs, condemns,"
                    " recognizes or authorizes has no history entry."
                ),
            ),
            models.UniqueConstraint(
                fields=["entry"],
                condition=~Q(publication=Publication.WITHDRAWN),
                name="resolutions_effect_one_for_an_entry",
                violation_error_message=_("This entry already belongs to another resolution."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resolution}: {self.get_kind_display()} {self.what}"

    def get_absolute_url(self) -> str:
        return f"{self.resolution.get_absolute_url()}#effect-{self.number}"

    @property
    def decides(self) -> bool:
        return self.kind in DECIDES

    @property
    def frozen_fields(self) -> list[str]:
        says = ["kind", "addressed_to", "relationship", "place"]
        return ["resolution", "number", *says, *self.known("entry")]

    frozen_message = _(
        "This effect is published, so its kind, its addressee and its subject cannot"
        " change. Withdraw it with a reason and add a new effect."
    )

    blocks_withdrawal = {
        "entry": _("“%s” decided this entry. Withdraw that effect first."),
        "addressed_to": _("“%s” is addressed to this organization. Withdraw that effect first."),
        "relationship": _("“%s” is about this relationship. Withdraw that effect first."),
        "place": _("“%s” is about this city. Withdraw that effect first."),
    }

    @classmethod
    def withdrawal_blocks(cls, link: str, record: Any) -> list[str]:
        """Return why what it names, or a resolution that took effect, cannot be withdrawn."""
        if link != "resolution":
            return super().withdrawal_blocks(link, record)
        bound = cls.objects.public().filter(resolution=record, entry__isnull=False)
        return [
            gettext("“%s” took effect in the history. Withdraw that effect first.") % effect
            for effect in bound.select_related("resolution")
        ]

    def clean(self) -> None:
        if self.resolution_id is None or self.relationship_id is None or not self.decides:
            return  # the constraints say the rest
        if self.is_withdrawn:
            return  # it has left the record, and its rules
        adoption = self.resolution.adoption
        expected = self._entry_of(adoption.on if adoption else self._day_so_far())
        if refusal := decided_with_authority(expected):
            raise ValidationError({"kind": refusal})
        fault = ""
        if self.entry is not None:
            fault = self._not_this_decision(self.entry, expected, adoption)
        elif self.is_published and adoption is not None and adoption.is_published:
            fault = gettext("The resolution is adopted. Choose its history entry.")
        if fault:
            raise ValidationError({"entry": fault})

    def _not_this_decision(self, entry: Entry, expected: Entry, adoption: Any) -> str:
        """Return why the entry cannot be what the resolution decided; empty if it can."""
        if adoption is None:
            return gettext("The resolution is not adopted, so it has decided nothing.")
        if entry.is_withdrawn:
            return gettext("That entry was withdrawn. Choose another one, or leave this blank.")
        same = ("relationship_id", "kind", "decided_by_id")
        is_same = all(getattr(entry, name) == getattr(expected, name) for name in same)
        if not is_same or entry.is_claimed or entry.party not in (expected.party, Party.BOTH):
            return gettext(
                "That entry says something else. Choose an entry of this relationship that we"
                " rely on, for “%(kind)s”, decided by %(organization)s."
            ) % {"kind": expected.get_kind_display(), "organization": self.resolution.organization}
        if entry.on != expected.on:
            return gettext("That entry does not have the date of the adoption: %s.") % expected.on
        return ""

    def _day_so_far(self) -> RecordDate:
        """Return the day to judge authority by before an adoption: that of the last action."""
        done = (action for action in self.resolution.actions.all() if not action.is_withdrawn)
        actions: list[Any] = in_order(done)
        return actions[-1].on if actions else RecordDate.parse(localdate().isoformat())

    def publish(self) -> None:
        """Publish it; a decision takes effect first if its resolution is adopted.

        Raise `ValidationError`, and publish nothing, if it or its entry is not ready.
        """
        before = self.entry
        try:
            with transaction.atomic():
                self.resolution.lock()
                if self.entry is None:
                    self.refresh_from_db(fields=["entry"])  # somebody may have been quicker
                adoption = self.resolution.adoption
                if adoption is not None and adoption.is_published:
                    self.take_effect(adoption)
                super().publish()
        except ValidationError:
            self.entry = before
            raise

    def withdraw(self, *, because: str, on: date) -> None:
        """Withdraw it as any record, and its history entry with it: neither stands alone.

        A register file says of each of them whether it is withdrawn.
        """
        before = self.publication, self.withdrawn_on, self.withdrawn_because
        try:
            with transaction.atomic():
                super().withdraw(because=because, on=on)
                entry: Any = self.entry
                if entry is not None and entry.is_published:
                    entry._change_reason = str(self.resolution)
                    entry.withdraw(because=because, on=on)
        except ValidationError:
            self.publication, self.withdrawn_on, self.withdrawn_because = before
            raise

    def take_effect(self, adoption: Any) -> None:
        """Bind it to a history entry, made now if there is none.

        Raise `ValidationError` if the entry breaks a rule of the history.
        """
        if not self.decides or self.entry is not None:
            return
        if self.resolution.is_withdrawn:
            raise ValidationError(gettext("The resolution was withdrawn, so it decides nothing."))
        entry: Any = self._entry_of(adoption.on)
        entry._change_reason = str(self.resolution)
        entry.full_clean()
        entry.save()
        for citation in adoption.citations.all():
            Citation.objects.create(
                entry=entry, source=citation.source, role=citation.role, locator=citation.locator
            )
        entry.publish()
        self.entry = entry
        self.full_clean()
        self.save()

    def _entry_of(self, on: Any) -> Entry:
        """Return the unsaved history entry of the decision, dated that day."""
        organization, relationship = self.resolution.organization, self.relationship
        assert relationship is not None  # what decides names its relationship
        is_partner = (
            organization.place_id is not None and organization.place_id == relationship.partner_id
        )
        return Entry(
            relationship=relationship,
            kind=DECIDES[self.kind],
            on=on,
            party=Party.PARTNER if is_partner else Party.HOME,
            decided_by=organization,
            note=self.what,
        )


# --- what takes effect with an adoption ---------------------------------------------------


def decisions(action: Any) -> list[Effect]:
    """Return the published effects of the action’s resolution that decide a relationship."""
    effects = [effect for effect in action.resolution.effects.all() if effect.is_published]
    return sorted((one for one in effects if one.decides), key=attrgetter("number"))


def pending_decisions(action: Any) -> list[Effect]:
    """Return the decisions that take effect by the action and are in no history yet."""
    if not action.adopts or adopting([*action.others, action]) is not action:
        return []
    return [effect for effect in decisions(action) if effect.entry_id is None]


def take_effect(adoption: Any) -> None:
    """Make the history entries of what an adoption decides.

    Raise `ValidationError` where the history refuses one.
    """
    for effect in pending_decisions(adoption):
        effect.take_effect(adoption)
