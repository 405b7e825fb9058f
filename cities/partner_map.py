"""The map of a list of relationships: pins, arcs from home, names where they fit, close-ups.

The list beside it says the same in words, and more. Measures are units of the sheet in
`cities.projection`; what the template gets are attributes of SVG, written out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache
from math import hypot
from string import ascii_uppercase

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.text import get_text_list
from django.utils.translation import get_language, gettext

from cities import shared
from cities.label_layout import Box, Label, crowds, labels, spread, window
from cities.models import City, Entry, Relationship, RelationshipType
from cities.place_names import full_name, name_apart
from cities.projection import HEIGHT, WIDTH, Point, project
from cities.records.kept import kept
from cities.records.publishing import Publication
from cities.standing import Status
from cities.words import lower_first, status_and_confirmation

REACH = 17.5
"""Half a target. Links are shown where the map is at least 660 pixels wide: 24 pixels each."""

LETTERS = 16.0
DOT = 6.0
SHEET = Box(0, 0, WIDTH, HEIGHT)

CLOSE_UP = 270.0
"""How wide a close-up is shown, roughly, in pixels: its pins and letters are sized for that."""

CLOSE_UP_TARGET, CLOSE_UP_LETTERS = 28.0, 14.0
"""In pixels."""

LEAST_WINDOW, PROPORTION = 20.0, 0.7

ARC_STYLES = ("solid", "dashed", "dotted", "dash-dot")
"""How the arcs of each type are drawn, the closest type first."""


MAPS_KEPT = 32


@dataclass(frozen=True)
class Home:
    """A home city, as the map knows it."""

    pk: int
    name: str
    address: str
    at: Point | None


@dataclass(frozen=True)
class Partner:
    """A partner with its standing, as the map knows it."""

    name: str
    full_name: str
    address: str
    at: Point | None
    type: str | None
    status: str
    status_label: str
    home: Home


@dataclass(frozen=True)
class Pin:
    """A partner, or home where `partner` is none; `says` is its text for screen readers."""

    name: str
    address: str
    status: str
    says: str
    partner: Partner | None = None


@dataclass(frozen=True)
class Placed:
    """A pin in one drawing: its place, that of its name, and a leader where it was moved."""

    pin: Pin
    transform: str
    label: dict[str, str] | None = None
    leader: str = ""


@dataclass(frozen=True)
class Arc:
    path: str
    status: str
    style: str


@dataclass(frozen=True)
class CloseUp:
    """A part of the sheet drawn larger; `frame` says where it lies."""

    letter: str
    places: str
    frame: dict[str, str]
    view: str
    pins: list[Placed]


@dataclass(frozen=True)
class Missing:
    """A partner that is not on the map, and why."""

    name: str
    address: str
    reason: str


@dataclass(frozen=True)
class Map:
    """What the drawing shows. A pin is `alone` or `crowded`, and then in a close-up too."""

    arcs: list[Arc] = field(default_factory=list)
    alone: list[Placed] = field(default_factory=list)
    crowded: list[Placed] = field(default_factory=list)
    close_ups: list[CloseUp] = field(default_factory=list)
    homes: list[str] = field(default_factory=list)
    kinds: list[tuple[str, str]] = field(default_factory=list)
    statuses: list[tuple[str, str]] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    size: str = f"0 0 {WIDTH:.0f} {HEIGHT:.0f}"

    @property
    def has_pins(self) -> bool:
        return bool(self.alone or self.crowded)

    @cached_property
    def drawing(self) -> SafeString:
        """The map as a part of a page."""
        return render_to_string("cities/_map.html", {"map": self})


def map_of(
    relationships: Sequence[Relationship], types: Sequence[RelationshipType], day: date
) -> Map:
    """Return the map of relationships with their standing of the day; `types` has all types."""
    where = _partners_of_the_day(day)
    homes = {relationship.home_id: relationship.home for relationship in relationships}
    known = {pk: _home_of(place) for pk, place in homes.items()}
    partners = (
        _partner_of(relationship, where.get(relationship.pk), known[relationship.home_id])
        for relationship in relationships
    )
    kinds = tuple((kind.slug, kind.name) for kind in types)
    return _map_of(tuple(partners), kinds, get_language())


@kept
def map_of_today(today: date, with_ended: bool) -> Map:
    """Return the map of the partners of today, also of those whose relationship has ended."""
    shown = [
        relationship
        for relationship in shared.partners_today(today)
        if with_ended or relationship.standing.is_alive
    ]
    return map_of(shown, shared.relationship_types(), today)


@lru_cache(maxsize=MAPS_KEPT)
def _map_of(
    partners: tuple[Partner, ...], types: tuple[tuple[str, str], ...], language: str | None
) -> Map:
    """Return the map of these partners: laid out and drawn once for the same values."""
    kinds = dict(types)
    styles = {slug: ARC_STYLES[min(n, len(ARC_STYLES) - 1)] for n, slug in enumerate(kinds)}
    pins: list[tuple[Point, Pin]] = []
    missing = []
    for partner in partners:
        if partner.at is None:
            why = gettext("no coordinates on record")
        elif not Box.around(partner.at, 0).is_within(SHEET):
            why = gettext("beyond the edge of this map")
        else:
            pins.append((partner.at, _pin_of(partner, kinds.get(partner.type or ""))))
            continue
        missing.append(Missing(partner.name, partner.address, why))
    if not pins:
        return Map(missing=missing)

    places = dict.fromkeys(partner.home for partner in partners)
    homes = [(home.at, _home_pin(home)) for home in places if home.at]
    found = crowds([*pins, *homes], REACH)  # home is drawn last, on top
    alone = [members[0] for __, members in found if len(members) == 1]
    crowded = [member for __, members in found if len(members) > 1 for member in members]
    frames = [(frame, members) for frame, members in found if len(members) > 1]
    shown = {pin.partner.type for __, pin in pins if pin.partner}
    standings = {pin.status for __, pin in pins}
    return Map(
        arcs=[arc for at, pin in pins for arc in _arcs(at, pin, styles)],
        alone=_placed(alone, SHEET, LETTERS, [frame for frame, __ in frames]),
        crowded=[Placed(pin, _moved(at)) for at, pin in crowded],
        close_ups=[_close_up(n, *crowd) for n, crowd in enumerate(frames)],
        homes=[pin.says for __, pin in homes],
        kinds=[(styles[slug], name) for slug, name in types if slug in shown],
        statuses=[(value, str(label)) for value, label in Status.choices if value in standings],
        missing=missing,
    )


# --- who is where -----------------------------------------------------------------------


def _partners_of_the_day(day: date) -> dict[int, Point | None]:
    """Return, by relationship, where the place is that an entry up to the day made the partner."""
    return {
        relationship: _at(longitude, latitude)
        for relationship, first_day, longitude, latitude in _handed_over()
        if first_day <= day
    }


@kept
def _handed_over() -> list[tuple[int, date, Decimal | None, Decimal | None]]:
    """Return the entries that made another place the partner, in order: few have ever done."""
    entries = Entry.objects.counting().filter(
        partner__publication=Publication.PUBLISHED, on_earliest__isnull=False
    )
    return list(
        entries.order_by("on_earliest", "number").values_list(
            "relationship", "on_earliest", "partner__longitude", "partner__latitude"
        )
    )


def _point(place: City) -> Point | None:
    return _at(place.longitude, place.latitude)


def _at(longitude: Decimal | None, latitude: Decimal | None) -> Point | None:
    if longitude is None or latitude is None:
        return None
    return project(float(longitude), float(latitude))


def _home_of(place: City) -> Home:
    return Home(place.pk, place.name, place.get_absolute_url(), _point(place))


def _partner_of(relationship: Relationship, moved_to: Point | None, home: Home) -> Partner:
    place, standing = relationship.partner, relationship.standing
    return Partner(
        name=name_apart(place),
        full_name=full_name(place),
        address=relationship.get_absolute_url(),
        at=moved_to or _point(place),
        type=standing.type,
        status=str(standing.status),
        status_label=status_and_confirmation(standing),
        home=home,
    )


def _home_pin(home: Home) -> Pin:
    says = gettext("%(place)s, home") % {"place": home.name}
    return Pin(home.name, home.address, "home", says)


def _pin_of(partner: Partner, kind: str | None) -> Pin:
    says = gettext("%(place)s: %(kind)s, %(status)s") % {
        "place": partner.full_name,
        "kind": lower_first(kind) if kind else gettext("type not on record"),
        "status": partner.status_label,
    }
    return Pin(partner.name, partner.address, partner.status, says, partner)


def _arcs(at: Point, pin: Pin, styles: dict[str, str]) -> list[Arc]:
    """Return the arc from home, bent to the north; none where home has no coordinates."""
    start = pin.partner.home.at if pin.partner else None
    if start is None or pin.partner is None:
        return []
    rise = 0.22 * hypot(at.x - start.x, at.y - start.y)
    bend = Point((start.x + at.x) / 2, max((start.y + at.y) / 2 - rise, 2))
    path = f"M{_pair(start)}Q{_pair(bend)} {_pair(at)}"
    return [Arc(path, pin.status, styles.get(str(pin.partner.type), ARC_STYLES[0]))]


# --- the drawings -----------------------------------------------------------------------


def _placed(
    pins: Sequence[tuple[Point, Pin]], bounds: Box, letters: float, taken: Sequence[Box]
) -> list[Placed]:
    """Pins where they belong, with their names as far as these find room, home’s first."""
    dots = [Box.around(at, DOT) for at, __ in pins]
    names = sorted(((at, pin.name) for at, pin in pins), key=lambda name: name[0].y)
    found = labels(names, bounds, [*taken, *dots], letters)
    return [Placed(pin, _moved(at), _written(found.get(at), 1)) for at, pin in pins]


def _close_up(number: int, frame: Box, pins: Sequence[tuple[Point, Pin]]) -> CloseUp:
    """Return the crowd in a window where each pin has room for a target of its own."""
    places = [at for at, __ in pins]
    view = window(places, LEAST_WINDOW, PROPORTION)
    pixel = view.width / CLOSE_UP
    spots = spread(places, CLOSE_UP_TARGET * pixel)
    dots = [Box.around(spot, DOT * pixel) for spot in spots]
    names = [(spot, pin.name) for spot, (__, pin) in zip(spots, pins, strict=True)]
    found = labels(names, view, dots, CLOSE_UP_LETTERS * pixel)
    shown = []
    for (at, pin), spot in zip(pins, spots, strict=True):
        label = _written(found.get(spot), pixel)
        leader = f"M{_pair(at)}L{_pair(spot)}" if spot != at else ""
        shown.append(Placed(pin, f"{_moved(spot)} scale({pixel:.3f})", label, leader))
    letter = ascii_uppercase[number % 26] * (number // 26 + 1)
    return CloseUp(
        letter=letter,
        places=get_text_list([pin.name for __, pin in pins], gettext("and")),
        frame={
            "x": _number(frame.left),
            "y": _number(frame.top),
            "width": _number(frame.width),
            "height": _number(frame.height),
        },
        view=" ".join(map(_number, (view.left, view.top, view.width, view.height))),
        pins=shown,
    )


def _written(label: Label | None, unit: float) -> dict[str, str] | None:
    """Return a label as attributes, in the units of its pin."""
    if label is None:
        return None
    x, y = _number(label.x / unit), _number(label.y / unit)
    return {"anchor": label.anchor, "x": x, "y": y}


def _number(value: float) -> str:
    """As SVG reads it, whatever the language of the page; to a hundredth."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _pair(point: Point) -> str:
    return f"{_number(point.x)} {_number(point.y)}"


def _moved(point: Point) -> str:
    return f"translate({_pair(point)})"
