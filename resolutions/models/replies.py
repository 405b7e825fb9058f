"""The replies of organizations to resolutions."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.models import Organization, Source
from cities.records.fields import date_on_record
from cities.records.numbering import FROM_ONE, Numbered, number_once
from cities.records.publishing import PublishableQuerySet
from resolutions.models.effects import Effect


class Answer(models.TextChoices):
    """The kinds of answer to a request."""

    AGREED = "agreed", _("agreed")
    DECLINED = "declined", _("declined")
    MOOT = "moot", _("no action needed")
    NOTED = "noted", _("took note")


class ReplyQuerySet(PublishableQuerySet):
    visible_through = ("effect", "effect__resolution", "effect__resolution__organization")


class Reply(Numbered):
    """What an organization answered to a resolution."""

    effect = models.ForeignKey(
        Effect, verbose_name=_("reply to"), related_name="replies", on_delete=models.PROTECT
    )
    organization = models.ForeignKey(
        Organization, verbose_name=_("who replied"), related_name="+", on_delete=models.PROTECT
    )
    on, on_earliest, on_latest = date_on_record("on", _("date"))
    answer = models.CharField(_("answer"), max_length=10, choices=Answer)
    summary = models.TextField(
        _("what it says"),
        validators=[MaxLengthValidator(1000)],
        help_text=_("In our words. The public can read this."),
    )
    source = models.ForeignKey(
        Source, verbose_name=_("document"), related_name="+", on_delete=models.PROTECT
    )

    objects = ReplyQuerySet.as_manager()  # type: ignore[misc]

    owner = "effect"

    class Meta(Numbered.Meta):
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        ordering = ["effect", "on_earliest", "number"]
        constraints = [
            *Numbered.Meta.constraints,
            number_once("effect"),
            models.CheckConstraint(
                condition=FROM_ONE
                & Q(answer__in=Answer.values, on_earliest__isnull=False)
                & ~Q(summary=""),
                name="resolutions_reply_answer_day_and_words",
                violation_error_message=_(
                    "Choose the answer, enter a date with a first possible day, such as August"
                    " 2013, and say what it says."
                ),
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(organization)s, %(date)s: %(answer)s") % {
            "organization": self.organization,
            "date": self.on,
            "answer": self.get_answer_display(),
        }

    def get_absolute_url(self) -> str:
        return self.effect.get_absolute_url()

    @property
    def frozen_fields(self) -> list[str]:
        return ["effect", "number", "organization", "on", "answer"]

    frozen_message = _(
        "This reply is published, so its organization, answer and date cannot"
        " change. Withdraw it with a reason and add a new reply."
    )

    blocks_withdrawal = {
        "organization": _("“%s” is a reply of this organization. Withdraw that reply first."),
        "source": _("“%s” needs this document. Withdraw that reply first."),
    }

    def clean(self) -> None:
        """Raise `ValidationError` if the reply is dated before the adoption, or in the future."""
        if self.effect_id is None or self.on is None or self.on_earliest is None:
            return  # the fields have said so themselves
        if self.is_withdrawn:
            return  # it has left the record, and its rules
        if self.on_earliest > localdate():
            raise ValidationError({"on": gettext("That date is in the future.")})
        adoption = self.effect.resolution.adoption
        if adoption and self.on_latest and self.on_latest < adoption.on_earliest:
            raise ValidationError(
                {
                    "on": gettext("The resolution was adopted %s. A reply comes later.")
                    % adoption.on
                }
            )
