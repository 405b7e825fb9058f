"""The cards that other sites show for a link to ours."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from cities.current_register import register_of
from cities.models import City, Register, Relationship
from cities.postmarks import INK, drawable, postmark_of
from cities.records.publishing import find_public
from cities.standing import Standing, Status
from cities.views import drawing_of, made_file
from cities.words import standing_sentence
from lrscc.pages.card_image import Card, can_draw, drawn

COLORS: dict[str, str] = {
    Status.PROPOSED: "#1f5a94",
    Status.ACTIVE: "#1f5f3a",
    Status.DORMANT: "#7a5200",
    Status.SUSPENDED: "#7a5200",
    Status.ENDED: "#555c63",
    Status.CONTESTED: "#63308f",
}
"""The color of each status on paper, as on the pages."""


@require_safe
def city_card(request: HttpRequest, slug: str) -> HttpResponse:
    """A city: its postmark, its names and the status of its relationship today."""
    place = find_public(City.objects.public().prefetch_related("names"), Q(slug=slug))
    register = register_of(request)
    relationships = (
        Relationship.objects.public()
        .filter(partner=place)
        .home_first(register.home_if_known)
        .select_related("home")
        .prefetch_related("entries__type")
    )
    card = card_of(place, relationships.first(), register)
    return made_file(drawn(card), "image/png")


def card_of(
    place: City,
    relationship: Relationship | None,
    register: Register,
    *,
    machine_fonts: bool = True,
) -> Card:
    """Return the card of a city, without letters that no font here has."""
    standing = relationship.standing_on(localdate()) if relationship else Standing()
    texts = [drawable(name.text) for name in place.native_names[:1]]
    natives = [text for text in texts if can_draw(text, machine_fonts=machine_fonts)]
    what_it_is = f"{place.get_kind_display()}, {place.country_name}"
    return Card(
        sender=_sender(register),
        title=drawable(place.name),
        native="".join(natives),
        sentence=standing_sentence(standing, relationship.home) if relationship else what_it_is,
        color=COLORS.get(standing.status or "", INK),
        postmark=drawing_of(postmark_of(place, standing, own_script=bool(natives))),
    )


@require_safe
def site_card(request: HttpRequest) -> HttpResponse:
    """The site itself, with the postmark of the home city."""
    register = register_of(request)
    card = Card(
        sender=_sender(register),
        title=gettext("%(city)s’s sister cities: who they are, since when, and who decided")
        % {"city": register.home_name},
        sentence=gettext("The official record, with the source for every fact."),
        postmark=drawing_of(postmark_of(register.home)) if register.is_on_record else "",
    )
    return made_file(drawn(card), "image/png")


def _sender(register: Register) -> tuple[str, str]:
    of_whom = gettext("Official record of the %(maintainer)s") % {
        "maintainer": register.maintainer_name
    }
    return register.site_name, of_whom
