"""The menu of the desk: what staff keep, under the headings that their office uses."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Section:
    """A heading of the menu, and the labels of the models under it."""

    name: str
    heading: Any
    models: tuple[str, ...]


SECTIONS = (
    Section("preparing", _("In preparation"), ("cities.changeset",)),
    Section(
        "partners",
        _("Partner cities"),
        (
            "cities.city",
            "cities.relationship",
            "cities.entry",
            "cities.agreement",
            "cities.succession",
        ),
    ),
    Section(
        "council",
        _("Council record"),
        (
            "resolutions.meeting",
            "resolutions.minutes",
            "resolutions.resolution",
            "resolutions.text",
            "resolutions.action",
            "resolutions.effect",
            "resolutions.reply",
            "resolutions.statement",
        ),
    ),
    Section("exchanges", _("Programs and exchanges"), ("exchanges.program", "exchanges.exchange")),
    Section("documents", _("Documents and sources"), ("cities.source",)),
    Section(
        "people",
        _("People and councils"),
        ("cities.organization", "resolutions.member", "resolutions.seat"),
    ),
    Section(
        "settings",
        _("Settings"),
        (
            "cities.register",
            "cities.relationshiptype",
            "cities.authority",
            "resolutions.voterequirement",
            "resolutions.numberingscheme",
            "exchanges.awardcategory",
            "exchanges.populationband",
            "auth.user",
        ),
    ),
)


def app_list(apps: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the sections with what one person may see, as Django's templates read its apps."""
    rows = {row["model"]._meta.label_lower: row for app in apps.values() for row in app["models"]}
    for section in SECTIONS:
        if models := [rows[label] for label in section.models if label in rows]:
            yield {"name": section.heading, "app_label": section.name, "models": models}
