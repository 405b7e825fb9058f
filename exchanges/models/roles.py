"""The roles of organizations in programs and exchanges."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from cities.models import Organization
from cities.records.base import Record
from cities.records.constraints import choices_constraint
from cities.records.publishing import Publication


class Role(models.TextChoices):
    """What an organization does for a program or an exchange."""

    ORGANIZER = "organizer", _("Organizer")
    HOST = "host", _("Host")
    FUNDER = "funder", _("Funder")
    PARTNER = "partner", _("Partner")


class RoleQuerySet(models.QuerySet):
    def public(self) -> Self:
        """Filter to roles of organizations that a visitor may read, with the organization."""
        published = self.filter(organization__publication=Publication.PUBLISHED)
        return published.select_related("organization")


class ProgramRole(Record):
    """What an organization does for a program."""

    program = models.ForeignKey(
        "exchanges.Program",
        related_name="roles",
        on_delete=models.CASCADE,  # a role means nothing without its program
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name=_("organization"),
        related_name="program_roles",
        on_delete=models.PROTECT,
    )
    role = models.CharField(_("role"), max_length=10, choices=Role)

    objects = RoleQuerySet.as_manager()

    parents = ("program",)

    class Meta:
        verbose_name = _("organization of the program")
        verbose_name_plural = _("organizations of the program")
        ordering = ["role", "organization__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["program", "organization", "role"],
                name="exchanges_programrole_once",
                violation_error_message=_("This organization already has this role."),
            ),
            choices_constraint(
                "exchanges_programrole_role_known", _("Choose the role from the list."), role=Role
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization}: {self.get_role_display()}"


class ExchangeRole(Record):
    """What an organization does for an exchange."""

    exchange = models.ForeignKey(
        "exchanges.Exchange",
        related_name="roles",
        on_delete=models.CASCADE,  # a role means nothing without its exchange
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name=_("organization"),
        related_name="exchange_roles",
        on_delete=models.PROTECT,
    )
    role = models.CharField(_("role"), max_length=10, choices=Role)

    objects = RoleQuerySet.as_manager()

    parents = ("exchange",)

    class Meta:
        verbose_name = _("organization of the exchange")
        verbose_name_plural = _("organizations of the exchange")
        ordering = ["role", "organization__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["exchange", "organization", "role"],
                name="exchanges_exchangerole_once",
                violation_error_message=_("This organization already has this role."),
            ),
            choices_constraint(
                "exchanges_exchangerole_role_known",
                _("Choose organizer, host or partner. Enter who pays under funding."),
                role=[role.value for role in Role if role != Role.FUNDER],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization}: {self.get_role_display()}"
