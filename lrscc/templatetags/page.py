"""What every page says of itself: its head, its last change, how to follow and cite it."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.timezone import localdate

from cities.records.kept import keeping
from lrscc.changes import reading as changes
from lrscc.changes import scopes
from lrscc.pages import schema_org as structured

register = template.Library()


class _TextNode(template.Node):
    child_nodelists = ("nodelist",)

    def __init__(self, nodelist: template.NodeList, name: str) -> None:
        self.nodelist, self.name = nodelist, name

    def render(self, context: Any) -> str:
        # It is escaped already: only white space changes.
        context[self.name] = mark_safe(" ".join(self.nodelist.render(context).split()))
        return ""


@register.tag
def text(parser: Any, token: Any) -> _TextNode:
    """``{% text title %}…{% endtext %}``: what stands between, in one line, to be used twice."""
    __, name = token.split_contents()
    nodelist = parser.parse(("endtext",))
    parser.delete_first_token()
    return _TextNode(nodelist, name)


class _KeptNode(template.Node):
    child_nodelists = ("nodelist",)

    def __init__(self, nodelist: template.NodeList, names: list[Any]) -> None:
        self.nodelist, self.names = nodelist, names

    def render(self, context: Any) -> str:
        key = tuple(str(name.resolve(context)) for name in self.names)
        return keeping(key, lambda: self.nodelist.render(context))


@register.tag
def keep(parser: Any, token: Any) -> _KeptNode:
    """``{% keep "foot" %}…{% endkeep %}``: drawn once for each version of the site.

    What stands between may depend on no more than its names and the register.
    """
    __, *names = token.split_contents()
    nodelist = parser.parse(("endkeep",))
    parser.delete_first_token()
    return _KeptNode(nodelist, [parser.compile_filter(name) for name in names])


@register.simple_tag
def feed_of(record: Any) -> str:
    """Where the feed of a record is; that of the whole register for what has none."""
    scope = scopes.feed_of(type(record))
    return reverse(f"{scope}-feed", args=[record.slug]) if scope else reverse("changes-feed")


@register.inclusion_tag("partials/following.html", takes_context=True)
def following(context: Any, record: Any, cite: bool = True) -> dict[str, Any]:
    """When a record last changed and why, how to follow it, and how to cite it."""
    scope = scopes.feed_of(type(record))
    return {
        "record": record,
        "cite": cite,
        "newest": changes.last(record),
        "feed": feed_of(record) if scope else "",
        "changes": f"{reverse('changes')}?{scope}={record.slug}" if scope else "",
        "calendar": context["calendar"] if context.get("programs") else "",
        "register": context["register"],
        "address": _address(context)(record.get_absolute_url()),
        "today": localdate(),
    }


@register.simple_tag(takes_context=True)
def breadcrumb_data(context: Any, here: str, parent: str = "", parent_url: str = "") -> str:
    """The way to a page for search engines."""
    steps = [(parent, parent_url)] if parent_url else []
    here_url = context.request.path
    return structured.block(structured.breadcrumbs([*steps, (here, here_url)], _address(context)))


@register.simple_tag(takes_context=True)
def structured_data(context: Any, record: Any) -> str:
    """A record for search engines."""
    return structured.block(structured.of(record, _address(context)))


@register.simple_tag(takes_context=True)
def site_data(context: Any) -> str:
    """The site itself for search engines, and how it is searched."""
    return structured.block(
        structured.site(context["register"], _address(context), reverse("search"))
    )


@register.simple_tag(takes_context=True)
def dataset_data(context: Any) -> str:
    """The register as a set of data, for those who search for such."""
    pages = reverse("data"), reverse("api:api-root")
    return structured.block(structured.dataset(context["register"], *pages, _address(context)))


def _address(context: Any) -> Any:
    request = getattr(context, "request", None) or context["request"]
    return request.build_absolute_uri
