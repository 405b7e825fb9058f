"""What changed between two versions of a record, as staff read it."""

from typing import Any

from simple_history.models import DeletedObject
from simple_history.template_utils import HistoricalRecordContextHelper


class FieldChanges(HistoricalRecordContextHelper):
    """Show choices by their labels, and an empty link as empty."""

    def prepare_delta_change_value(self, change: Any, value: Any) -> Any:
        if value is None or (isinstance(value, DeletedObject) and value.pk is None):
            return ""
        labels = dict(getattr(self.model._meta.get_field(change.field), "flatchoices", []))
        if isinstance(value, str) and value in labels:
            return str(labels[value])
        return super().prepare_delta_change_value(change, value)
