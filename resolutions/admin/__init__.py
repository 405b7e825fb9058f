"""Where the council clerk keeps the record of bodies, split as the models are."""

from resolutions.admin import actions, bodies, effects, meetings, resolutions, statements

__all__ = ["actions", "bodies", "effects", "meetings", "resolutions", "statements"]
