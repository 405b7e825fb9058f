"""Relations with autocomplete, which a number that no database can hold does not break."""

from typing import Any

from django import forms
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.widgets import (
    AutocompleteSelect,
    AutocompleteSelectMultiple,
    RelatedFieldWidgetWrapper,
)
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest

from cities.records.keys import key_in


def _is_possible_key(text: str) -> bool:
    """Return whether the text is empty or the key of a row that a database could hold."""
    return not text or key_in(text) is not None


def menu_label(record: Any) -> str:
    """Return what a menu calls a record; accounts and roles are no records of the register."""
    return getattr(record, "menu_label", None) or str(record)


class MenuView(AutocompleteJsonView):
    """What autocomplete offers while one types."""

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        return {**super().serialize_result(obj, to_field_name), "text": menu_label(obj)}


class LabeledChoiceField(forms.ModelChoiceField):
    """One record, by its label for menus."""

    def label_from_instance(self, obj: Any) -> str:
        return menu_label(obj)


class BoundedMultipleChoiceField(forms.ModelMultipleChoiceField):
    """Several records; a number that no database can hold is none of them."""

    def label_from_instance(self, obj: Any) -> str:
        return menu_label(obj)

    def _check_values(self, value: Any) -> QuerySet:
        for key in value:
            if not _is_possible_key(str(key)):
                code = "invalid_pk_value"
                raise ValidationError(self.error_messages[code], code, {"pk": key})
        return super()._check_values(value)  # type: ignore[misc]


class _Bounded:
    """A menu in which a number that no database can hold selects nothing."""

    def optgroups(self, name: str, value: list[Any], attr: Any = None) -> Any:
        possible = [key for key in value if _is_possible_key(str(key))]
        return super().optgroups(name, possible, attr)  # type: ignore[misc]


class BoundedSelect(_Bounded, AutocompleteSelect):  # type: ignore[misc]
    """One record with autocomplete."""


class BoundedSelectMultiple(_Bounded, AutocompleteSelectMultiple):  # type: ignore[misc]
    """Several records with autocomplete."""


class AutocompleteAdmin(BaseModelAdmin):
    """Offer only related records that the user may see, with autocomplete where it is set."""

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Offer to add a related record and to change it, not to delete it or to look at it."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_delete_related = field.widget.can_view_related = False
        return field

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        kwargs.setdefault("form_class", LabeledChoiceField)
        return super().formfield_for_foreignkey(
            db_field, request, **self._related_options(BoundedSelect, db_field, request, kwargs)
        )

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        kwargs["form_class"] = BoundedMultipleChoiceField
        options = self._related_options(BoundedSelectMultiple, db_field, request, kwargs)
        return super().formfield_for_manytomany(db_field, request, **options)

    def _related_options(
        self, widget: Any, db_field: Any, request: HttpRequest, options: dict[str, Any]
    ) -> dict[str, Any]:
        # A number in the address or the form leads to no hidden draft.
        related_admin = self.admin_site.get_model_admin(db_field.related_model)
        options.setdefault("queryset", related_admin.get_queryset(request).prefetch_related(None))
        if db_field.name not in self.get_autocomplete_fields(request):
            return options
        return {**options, "widget": widget(db_field, self.admin_site)}
