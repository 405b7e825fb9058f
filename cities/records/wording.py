"""Migrations that change sentences alone: help texts, labels, and what constraints say."""

from typing import Any

from django.db.migrations.operations import SeparateDatabaseAndState


class ChangeWording(SeparateDatabaseAndState):
    """Changes of fields and constraints that change no table.

    Django would make every model again after each of them, which takes minutes for hundreds. Here
    the models are made again once, when something next asks for them.
    """

    def __init__(self, operations: list[Any]) -> None:
        super().__init__(state_operations=operations)

    def state_forwards(self, app_label: str, state: Any) -> None:
        vars(state).pop("apps", None)
        super().state_forwards(app_label, state)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [], {"operations": self.state_operations}

    def describe(self) -> str:
        return "Change sentences"
