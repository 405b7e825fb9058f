"""What all items of a meeting's agenda have alike: who is called, what is open, what is needed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from cities.models import Organization, Relationship
from cities.records.keys import key_in
from cities.records.publishing import Publication
from resolutions.admin.occasion_forms import MENU_CHOICES
from resolutions.course import Kind, Outcome
from resolutions.desk import in_order_of_numbers, requirements_on_record, still_open
from resolutions.filters import ResolutionFilter
from resolutions.models import Action, Resolution, Roster, VoteRequirement
from resolutions.rolls import Called
from resolutions.tally import Method


@dataclass(frozen=True)
class Chamber:
    """A council or commission on the day of a meeting, with the resolutions it may take up."""

    organization: Organization | None
    on: Any
    roster: Roster
    roll: list[Called]
    requirements: dict[str, VoteRequirement]
    resolutions: QuerySet[Resolution]
    open_resolutions: list[Resolution]
    relationships: list[Relationship]

    @classmethod
    def of(
        cls,
        visible: Callable[[Any], QuerySet],
        organization: Organization | None,
        on: Any,
        roster: Roster,
        roll: list[Called],
    ) -> "Chamber":
        """Read it from the records that `visible` returns of a model."""
        is_known = organization is not None and on is not None
        standing = visible(Resolution).exclude(publication=Publication.WITHDRAWN)
        resolutions = standing.filter(organization=organization)
        relationships = visible(Relationship).exclude(publication=Publication.WITHDRAWN)
        newest = still_open(resolutions).order_by("-pk")[:MENU_CHOICES]
        action = Action(organization=organization, on=on)
        return cls(
            organization=organization,
            on=on,
            roster=roster,
            roll=roll,
            requirements=requirements_on_record(action) if is_known else {},
            resolutions=resolutions,
            open_resolutions=in_order_of_numbers(newest) if organization else [],
            relationships=list(relationships.select_related("home", "partner")),
        )

    def find(self, words: str) -> list[Resolution]:
        """Return the resolutions of the organization that a few words find."""
        return list(ResolutionFilter({"q": words}, queryset=self.resolutions).qs[:MENU_CHOICES])

    def named(self, key: str) -> Resolution | None:
        """Return the resolution of the organization that has a key, open or decided."""
        wanted = key_in(key)
        return self.resolutions.filter(pk=wanted).first() if wanted else None

    def action(self) -> Action:
        """Return a new action of that day, which knows its roster already."""
        action = Action(organization=self.organization, on=self.on)
        vars(action)["roster"] = self.roster
        return action

    @property
    def presets(self) -> dict[str, Any]:
        """Return what is most likely: adopted by roll call."""
        method = Method.ROLL_CALL if self.roll else Method.VOICE
        return {"kind": Kind.ADOPT, "method": method, "outcome": Outcome.CARRIED}
