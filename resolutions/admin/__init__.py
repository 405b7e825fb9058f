"""The admin of meetings, resolutions, votes and members, split as the models are."""

from resolutions.admin import actions, effects, meetings, members, resolutions, statements

__all__ = ["actions", "effects", "meetings", "members", "resolutions", "statements"]
