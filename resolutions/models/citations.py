"""The sources of actions."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cities.models import Source
from cities.models.citations import SourceCitation, cited_once


class ActionCitation(SourceCitation):
    """What one source says about one action, with the page or section."""

    action = models.ForeignKey(
        "resolutions.Action",
        related_name="citations",
        on_delete=models.CASCADE,  # a citation means nothing without its action
    )
    source = models.ForeignKey(
        Source, verbose_name=_("source"), related_name="+", on_delete=models.PROTECT
    )

    parents = ("action",)

    class Meta(SourceCitation.Meta):
        constraints = [*SourceCitation.Meta.constraints, cited_once("action")]
