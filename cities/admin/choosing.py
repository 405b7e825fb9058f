"""Relations chosen by typing, from lists too long for a menu."""

from typing import Any

from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.http import HttpRequest


class _Bounded:
    """Choices by typing; a number that no database can hold chooses nothing."""

    def optgroups(self, name: str, value: list[Any], attr: Any = None) -> Any:
        sound = [v for v in value if not str(v).isdigit() or int(v) < 2**63]
        return super().optgroups(name, sound, attr)  # type: ignore[misc]


class BoundedSelect(_Bounded, AutocompleteSelect):  # type: ignore[misc]
    """One record, chosen by typing."""


class BoundedSelectMultiple(_Bounded, AutocompleteSelectMultiple):  # type: ignore[misc]
    """Several records, chosen by typing."""


class ChosenByTyping:
    """Forms whose relations are chosen by typing."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_foreignkey(  # type: ignore[misc]
            db_field, request, **self._chosen_by(BoundedSelect, db_field, request, kwargs)
        )

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_manytomany(  # type: ignore[misc]
            db_field, request, **self._chosen_by(BoundedSelectMultiple, db_field, request, kwargs)
        )

    def _chosen_by(
        self, widget: Any, db_field: Any, request: HttpRequest, options: dict[str, Any]
    ) -> dict[str, Any]:
        admin: Any = self
        if db_field.name not in admin.get_autocomplete_fields(request):
            return options
        return {**options, "widget": widget(db_field, admin.admin_site)}
