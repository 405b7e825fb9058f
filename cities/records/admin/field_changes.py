"""What changed between two versions of a record, as staff read it."""

from typing import Any

from simple_history.models import DeletedObject
from simple_history.template_utils import HistoricalRecordContextHelper


class FieldChanges(HistoricalRecordContextHelper):
    """Show choices and codes by their labels, and an empty link as empty."""

    def prepare_delta_change_value(self, change: Any, value: Any) -> Any:
        if value is None or (isinstance(value, DeletedObject) and value.pk is None):
            return ""
        display = getattr(self.model, f"get_{change.field}_display", None)
        if isinstance(value, str) and display is not None:
            return str(display(self.model(**{change.field: value})))
        return super().prepare_delta_change_value(change, value)
