"""Fields of forms as Django's templates write them; what a form has most of, without templates."""

from typing import Any

from django.forms import CheckboxSelectMultiple, RadioSelect, Select, Textarea, widgets
from django.forms.renderers import DjangoTemplates
from django.utils.formats import localize
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

LABEL = "django/forms/label.html"
INPUTS = {
    widget.template_name
    for widget in (
        *(widgets.Input, widgets.TextInput, widgets.NumberInput, widgets.EmailInput),
        *(widgets.URLInput, widgets.PasswordInput, widgets.HiddenInput, widgets.DateInput),
        *(widgets.DateTimeInput, widgets.TimeInput, widgets.CheckboxInput, widgets.FileInput),
    )
}
OPTIONS = {RadioSelect.option_template_name, CheckboxSelectMultiple.option_template_name}


class FormRenderer(DjangoTemplates):
    """Django's own, which renders two templates or three for each choice and each field.

    A form of the admin has hundreds of choices: countries, time zones, currencies, and what each
    member of a council voted.
    """

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        if template_name == Select.template_name:
            return _select(context["widget"])
        if template_name in INPUTS:
            return mark_safe(_input(context["widget"]))
        if template_name in OPTIONS:
            return mark_safe(_option(context["widget"]))
        if template_name == Textarea.template_name:
            return _textarea(context["widget"])
        if template_name == LABEL and _is_required(context):
            context = {**context, "label": _marked(context["label"])}
        return super().render(template_name, context, request)


def _is_required(context: dict[str, Any]) -> bool:
    """Return whether the admin prints a label bold, which a screen reader does not say."""
    named = (context["attrs"] or {}).get("class", "").split()
    return "required" in named and not getattr(context["field"].field, "says_required", False)


def _marked(label: Any) -> SafeString:
    mark = ' <span class="required-mark">{}</span>'
    words = mark_safe(conditional_escape(label).removesuffix(":"))
    return words + format_html(mark, gettext("(required)"))


def _select(widget: dict[str, Any]) -> SafeString:
    parts = [f'<select name="{_escaped(widget["name"])}"{_attributes(widget["attrs"])}>']
    for group, options, __ in widget["optgroups"]:
        if group:
            parts.append(f'\n  <optgroup label="{conditional_escape(localize(group))}">')
        for option in options:
            value, attributes = _escaped(option["value"]), _attributes(option["attrs"])
            label = conditional_escape(localize(option["label"]))
            parts.append(f'\n  <option value="{value}"{attributes}>{label}</option>\n')
        if group:
            parts.append("\n  </optgroup>")
    return mark_safe("".join([*parts, "\n</select>"]))


def _input(widget: dict[str, Any]) -> str:
    kind, name, value = _escaped(widget["type"]), _escaped(widget["name"]), widget["value"]
    written = "" if value is None else f' value="{_escaped(value)}"'
    return f'<input type="{kind}" name="{name}"{written}{_attributes(widget["attrs"])}>'


def _option(widget: dict[str, Any]) -> str:
    written = _input(widget)
    if not widget["wrap_label"]:
        return written
    named = widget["attrs"].get("id")
    for_it = f' for="{_escaped(named)}"' if named else ""
    label = conditional_escape(localize(widget["label"]))
    return f"<label{for_it}>{written}\n {label}</label>"


def _textarea(widget: dict[str, Any]) -> SafeString:
    attributes, value = _attributes(widget["attrs"]), widget["value"]
    written = conditional_escape(localize(value)) if value else ""
    name = _escaped(widget["name"])
    return mark_safe(f'<textarea name="{name}"{attributes}>\n{written}</textarea>')


def _attributes(attributes: dict[str, Any]) -> str:
    return "".join(
        f" {_escaped(name)}" if value is True else f' {_escaped(name)}="{_escaped(value)}"'
        for name, value in attributes.items()
        if value is not False
    )


def _escaped(value: Any) -> str:
    return conditional_escape(value if isinstance(value, str) else str(value))
