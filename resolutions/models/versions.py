"""Texts in versions: frozen once published, corrected only by a new version."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cities.models import Source
from cities.records.numbering import FROM_ONE, Numbered
from resolutions.clauses import Clause, fingerprint, read, tidy

MAX_TEXT = 200_000
"""Characters of one version: more than any resolution or minutes on record."""


class Version(Numbered):
    """One version of a text, in clauses, identified by its SHA-256.

    A published version never changes. A correction is a new version, so that the original
    entry and the correction both stay readable (MCL 15.269(1)).
    """

    number = models.PositiveSmallIntegerField(
        _("version"),
        editable=False,
        validators=[MinValueValidator(1)],
        help_text=_("1 for the first version. A number is never used again."),
    )
    text = models.TextField(
        _("text"),
        validators=[MaxLengthValidator(MAX_TEXT)],
        help_text=_(
            "Paste it from the document. Each WHEREAS and each RESOLVED becomes a clause of its"
            " own. Separate other clauses with a blank line."
        ),
    )
    sha256 = models.CharField(_("SHA-256"), max_length=64, editable=False)
    source = models.ForeignKey(
        Source,
        verbose_name=_("source"),
        related_name="+",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("The document from which the text was taken."),
    )

    class Meta(Numbered.Meta):
        abstract = True
        constraints = [
            *Numbered.Meta.constraints,
            models.CheckConstraint(
                condition=FROM_ONE & ~Q(text="") & ~Q(sha256=""),
                name="%(app_label)s_%(class)s_has_a_text_and_its_hash",
                violation_error_message=_("Write the text of this version."),
            ),
        ]

    def clean_fields(self, exclude: Any = None) -> None:
        """Store the text in its canonical form, with its hash."""
        if "\x00" in self.text:
            raise ValidationError({"text": _("Remove the NUL character.")})
        if len(self.text) <= 2 * MAX_TEXT:  # what is longer is refused below as it stands
            self.text = tidy(self.text)
        self.sha256 = fingerprint(self.text)
        super().clean_fields(exclude=exclude)

    @property
    def clauses(self) -> list[Clause]:
        return read(self.text)

    @property
    def previous(self) -> Any:
        """Return the published version before this one, or None."""
        siblings = type(self).objects.filter(**{self.owner: getattr(self, self.owner)})
        return siblings.public().filter(number__lt=self.number).order_by("number").last()

    frozen_message = _(
        "This version is published, so its text cannot change. Add a correction as a new version."
    )
