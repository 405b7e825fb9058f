"""The parameters that a resource of the API takes: any other is refused by name.

A misspelled filter that was ignored would answer with every record, as if all matched.
"""

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request


class KnownParameters:
    """A resource that takes its filters, its pages and `other_parameters`, and nothing else."""

    other_parameters: Mapping[str, Collection[str]] = {}
    """By action, what it takes besides filters and pages."""

    action: Any

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Raise `ValidationError` for parameters that the resource does not take."""
        super().initial(request, *args, **kwargs)  # type: ignore[misc]
        if self.action is None:
            return  # the method is refused
        known = self.known_parameters()
        unknown = [name for name in request.query_params if name not in known]
        if unknown:
            raise ValidationError({name: [_no_such(name, known)] for name in unknown})

    def known_parameters(self) -> list[str]:
        """Return the names of the parameters that the action takes."""
        found = list(self.other_parameters.get(self.action or "", ()))
        if self.action != "list":
            return found
        for backend in getattr(self, "filter_backends", ()):
            filters = backend().get_filterset_class(self)
            found += filters.base_filters if filters else []
        if pages := getattr(self, "paginator", None):
            found += [pages.page_query_param, pages.page_size_query_param]
        return found


def _no_such(name: str, known: list[str]) -> str:
    parts = {"name": name[:40], "known": ", ".join(known)}
    if not known:
        return gettext("There is no parameter “%(name)s”: this address takes none.") % parts
    if nearest := get_close_matches(name, known, n=1):
        parts["nearest"] = nearest[0]
        return gettext("There is no parameter “%(name)s”. Did you mean “%(nearest)s”?") % parts
    return gettext("There is no parameter “%(name)s”. Use one of: %(known)s.") % parts
