"""The admin of meetings, resolutions, votes and members, split as the models are."""

from resolutions.admin import actions, effects, meetings, resolutions, statements
from resolutions.admin import members as bodies

__all__ = ["actions", "bodies", "effects", "meetings", "resolutions", "statements"]
