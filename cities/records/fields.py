"""`RecordDate` in a model and in a form, and names as they are compared."""

from contextlib import suppress
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from cities.records.dates import USUAL_FORMS, NotADateError, RecordDate
from cities.records.folding import plain


def date_on_record(
    name: str, verbose_name: Any, *, blank: bool = False, help_text: Any = ""
) -> tuple["RecordDateField", "BoundField", "BoundField"]:
    """Three fields for one date: the text as recorded, its first and its last day.

    Declare them together, the days named after the text::

        on, on_earliest, on_latest = date_on_record("on", _("date"))

    The two days follow the text and are real, indexed columns: filter and sort by them.
    What writes single columns, `QuerySet.update` and `save(update_fields=…)`, names all three.
    """
    return (
        RecordDateField(verbose_name, blank=blank, help_text=help_text),
        BoundField(of=name, side="earliest"),
        BoundField(of=name, side="latest"),
    )


class RecordDateDescriptor(DeferredAttribute):
    """Reads text into a `RecordDate` when it is set."""

    def __set__(self, instance: models.Model, value: Any) -> None:
        if isinstance(value, str) and value:
            with suppress(NotADateError):  # kept as typed: validation names the fault
                value = RecordDate.parse(value)
        instance.__dict__[self.field.attname] = value or None
        for side in ("earliest", "latest"):  # no longer deferred: they are saved with the text
            instance.__dict__[f"{self.field.attname}_{side}"] = None


class BoundDescriptor(DeferredAttribute):
    """Answers from the date it belongs to, so that the two can never differ."""

    def __get__(self, instance: models.Model | None, cls: Any = None) -> Any:
        if instance is None:
            return self
        value = getattr(instance, self.field.of)
        return getattr(value, self.field.side) if isinstance(value, RecordDate) else None

    field: "BoundField"

    def __set__(self, instance: models.Model, value: Any) -> None:
        """The day follows from the text; a key in its place says that it is not deferred."""
        instance.__dict__[self.field.attname] = None


class BoundField(models.DateField):
    """The first or last day a date on record can mean; none where that side is open."""

    descriptor_class = BoundDescriptor

    def __init__(self, *, of: str, side: str, **kwargs: Any) -> None:
        self.of, self.side = of, side
        super().__init__(**{**kwargs, "null": True, "editable": False, "db_index": True})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for implied in ("null", "editable", "db_index"):
            kwargs.pop(implied, None)
        return name, path, args, {**kwargs, "of": self.of, "side": self.side}


class RecordDateField(models.CharField):
    """A `RecordDate`, kept as EDTF text. Empty is ``None`` in Python and in the database."""

    descriptor_class = RecordDateDescriptor

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 120)
        kwargs["null"] = bool(kwargs.get("blank"))
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: str | None, *args: Any) -> RecordDate | None:
        return RecordDate.parse(value) if value else None

    def to_python(self, value: Any) -> RecordDate | None:
        if value is None or value == "" or isinstance(value, RecordDate):
            return value or None
        try:
            return RecordDate.parse(str(value))
        except NotADateError as error:
            raise ValidationError(str(error), code="invalid") from None

    def get_prep_value(self, value: Any) -> str | None:
        value = self.to_python(value)
        return value.edtf if value else None

    def run_validators(self, value: Any) -> None:
        super().run_validators(value.edtf if value else "")

    def value_to_string(self, obj: models.Model) -> str:
        value: Any = self.value_from_object(obj)
        return value.edtf if value else ""

    def formfield(self, **kwargs: Any) -> Any:
        options = {"form_class": RecordDateFormField, "empty_value": None, **kwargs}
        if not options.get("help_text"):
            options["help_text"] = self.help_text or USUAL_FORMS
        return super().formfield(**options)


class RecordDateFormField(forms.CharField):
    """Accepts EDTF and the plain words the site shows; answers with a `RecordDate`."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            return RecordDate.read(text)
        except NotADateError as error:
            raise ValidationError(str(error), code="invalid") from None

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Let a browser send all that was typed: cut off, a sentence can become another date."""
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs

    def prepare_value(self, value: Any) -> Any:
        """Show a date in the words of the site, if they are read back as the same date."""
        if not isinstance(value, RecordDate):
            return value
        with suppress(NotADateError):  # in another language
            if RecordDate.read(str(value)) == value:
                return str(value)
        return value.edtf

    def run_validators(self, value: Any) -> None:
        super().run_validators(value.edtf if value else value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(self.prepare_value(initial)) != self.to_python(data)
        except ValidationError:
            return True


class PlainNameField(models.CharField):
    """The name of a record as names are compared, without accents, case and signs."""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        setattr(model_instance, self.attname, plain(model_instance.name))  # type: ignore[attr-defined]
        return super().pre_save(model_instance, add)
