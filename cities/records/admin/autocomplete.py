"""Relations chosen by typing, from lists too long for a menu."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest


def _is_sound(text: str) -> bool:
    """Whether it is empty or the number of a row that a database could hold."""
    return not text or (text.isdecimal() and int(text) < 2**63)


class SoundChoices(forms.ModelMultipleChoiceField):
    """Several records; a number that no database can hold is none of them."""

    def _check_values(self, value: Any) -> QuerySet:
        for number in value:
            if not _is_sound(str(number)):
                code = "invalid_pk_value"
                raise ValidationError(self.error_messages[code], code, {"pk": number})
        return super()._check_values(value)  # type: ignore[misc]


class _Bounded:
    """Choices by typing; a number that no database can hold chooses nothing."""

    def optgroups(self, name: str, value: list[Any], attr: Any = None) -> Any:
        sound = [v for v in value if _is_sound(str(v))]
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
        kwargs["form_class"] = SoundChoices
        return super().formfield_for_manytomany(  # type: ignore[misc]
            db_field, request, **self._chosen_by(BoundedSelectMultiple, db_field, request, kwargs)
        )

    def _chosen_by(
        self, widget: Any, db_field: Any, request: HttpRequest, options: dict[str, Any]
    ) -> dict[str, Any]:
        admin: Any = self
        # A number in the address or the form leads to no hidden draft.
        keeper = admin.admin_site.get_model_admin(db_field.related_model)
        options.setdefault("queryset", keeper.get_queryset(request).prefetch_related(None))
        if db_field.name not in admin.get_autocomplete_fields(request):
            return options
        return {**options, "widget": widget(db_field, admin.admin_site)}
