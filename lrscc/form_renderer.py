"""Fields of forms as Django's templates write them; a select at once, without templates."""

from typing import Any

from django.forms import Select
from django.forms.renderers import DjangoTemplates
from django.utils.formats import localize
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

LABEL = "django/forms/label.html"


class FormRenderer(DjangoTemplates):
    """Django's own, which renders two templates for each choice of a select.

    A form of the admin has hundreds of choices: countries, time zones, currencies.
    """

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        if template_name == Select.template_name:
            return _select(context["widget"])
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


def _attributes(attributes: dict[str, Any]) -> str:
    return "".join(
        f" {_escaped(name)}" if value is True else f' {_escaped(name)}="{_escaped(value)}"'
        for name, value in attributes.items()
        if value is not False
    )


def _escaped(value: Any) -> str:
    return conditional_escape(value if isinstance(value, str) else str(value))
