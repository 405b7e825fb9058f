"""The pages."""

from itertools import groupby

from django.contrib.syndication.views import Feed
from django.core.paginator import Paginator
from django.db.models import F, Prefetch, Q, Value
from django.shortcuts import render
from django.utils.feedgenerator import Atom1Feed
from django.utils.timezone import localdate
from django.views.generic import DetailView, ListView, TemplateView

from tests.benchmark.twin import models

ALIVE = ("active", "dormant", "suspended", "contested")
NEWEST = 20
"""Resolutions on the page of a city, which links to the list of the others."""


def by_type(relationships):
    """Return relationships grouped by their type, the closest type first."""

    def rank(relationship):
        return relationship.type.rank if relationship.type else 99

    ordered = sorted(relationships, key=rank)
    groups = groupby(ordered, key=lambda relationship: relationship.type)
    return [(kind, list(group)) for kind, group in groups]


class HomeView(TemplateView):
    template_name = "twin/home.html"

    def get_context_data(self, **kwargs):
        today = localdate()
        relationships = models.Relationship.objects.filter(status__in=ALIVE)
        relationships = relationships.select_related("partner", "type")
        alive = list(relationships.prefetch_related("partner__names"))
        entries = models.Entry.objects.filter(acceptance="accepted", on_earliest__lte=today)
        entries = entries.select_related("relationship__partner")
        actions = models.Action.objects.select_related("resolution", "organization")
        day = {"on_earliest__month": today.month, "on_earliest__day": today.day}
        return super().get_context_data(
            groups=by_type(alive),
            relationships=alive,
            countries=len({relationship.partner.country for relationship in alive}),
            exchanges=models.Exchange.objects.filter(begins_earliest__gte=today)[:5],
            entries=entries.order_by("-on_earliest", "-number")[:5],
            on_this_day=entries.filter(**day, on__regex=r"^\d{4}-\d{2}-\d{2}$")[:3],
            actions=actions.prefetch_related("ballots").order_by("-on_earliest", "-id")[:3],
            **kwargs,
        )


class CityListView(ListView):
    template_name = "twin/city_list.html"
    queryset = models.Relationship.objects.select_related("partner", "type").prefetch_related(
        "partner__names"
    )

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            groups=by_type(self.object_list), relationships=self.object_list, **kwargs
        )


class CityView(DetailView):
    template_name = "twin/city.html"
    queryset = models.City.objects.prefetch_related("names")

    def get_context_data(self, **kwargs):
        entries = models.Entry.objects.select_related("decided_by", "type")
        relationships = self.object.relationships.select_related("home", "type").prefetch_related(
            Prefetch("entries", entries.prefetch_related("citations__source")),
            "agreements__documents",
            "programs",
            "exchanges__program",
        )
        resolutions = models.Resolution.objects.filter(relationships__partner=self.object)
        return super().get_context_data(
            relationships=relationships,
            resolutions=resolutions.select_related("organization")[:NEWEST],
            count=resolutions.count(),
            **kwargs,
        )


class ResolutionListView(ListView):
    template_name = "twin/resolution_list.html"
    paginate_by = 25

    def get_queryset(self):
        resolutions = models.Resolution.objects.select_related("organization")
        given = self.request.GET
        if words := given.get("q"):
            asked = Q(title__icontains=words) | Q(number__icontains=words)
            resolutions = resolutions.filter(asked | Q(summary__icontains=words))
        if status := given.get("status"):
            resolutions = resolutions.filter(status=status)
        if organization := given.get("organization"):
            resolutions = resolutions.filter(organization__slug=organization)
        if city := given.get("city"):
            resolutions = resolutions.filter(relationships__partner__slug=city)
        return resolutions

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            organizations=models.Organization.objects.filter(classification="council"), **kwargs
        )


class ResolutionView(DetailView):
    template_name = "twin/resolution.html"
    queryset = models.Resolution.objects.select_related("organization").prefetch_related(
        "sponsors",
        "relationships__partner",
        "sources",
        "actions__meeting__organization",
        "actions__mover",
        "actions__seconder",
        "actions__ballots__member",
        "actions__citations__source",
    )


SEARCHED = {
    "Cities": (models.City, ["name", "names__text", "summary"]),
    "Resolutions": (models.Resolution, ["title", "number", "summary", "text"]),
    "Members": (models.Member, ["name", "summary"]),
    "Organizations": (models.Organization, ["name", "summary"]),
    "Programs": (models.Program, ["title", "summary"]),
    "Sources": (models.Source, ["title", "publisher"]),
}


def search(request):
    """Search every kind of record, and show the first five of each."""
    words = request.GET.get("q", "").strip()
    groups = []
    for title, (model, fields) in SEARCHED.items() if words else ():
        found = Q()
        for field in fields:
            found |= Q(**{f"{field}__icontains": words})
        records = model.objects.filter(found).distinct()
        groups.append((title, records.count(), records[:5]))
    return render(request, "twin/search.html", {"words": words, "groups": groups})


class ChangeListView(ListView):
    template_name = "twin/change_list.html"
    queryset = models.Change.objects.all()
    paginate_by = 50


class ChangeFeed(Feed):
    feed_type = Atom1Feed
    title = "Changes"
    link = "/changes/"
    subtitle = "Published, changed, corrected and withdrawn records, newest first."

    def items(self):
        return models.Change.objects.all()[:100]

    def item_title(self, change):
        return change.title

    def item_description(self, change):
        return f"{change.kind} on {change.at:%B %d, %Y}"

    def item_updateddate(self, change):
        return change.at


TIMELINE = {
    "entry": models.Entry.objects.select_related("relationship__partner"),
    "action": models.Action.objects.select_related("resolution", "organization"),
    "exchange": models.Exchange.objects.select_related("program").filter(state="held"),
}


def timeline(request):
    """Show everything on record by date, from a union that the database sorts."""
    parts = []
    for what, records in TIMELINE.items():
        day = "begins_earliest" if what == "exchange" else "on_earliest"
        dated = records.order_by().filter(**{f"{day}__isnull": False})
        dated = dated.annotate(day=F(day), what=Value(what))
        parts.append(dated.values_list("day", "pk", "what"))
    events = parts[0].union(*parts[1:], all=True).order_by("day")
    page = Paginator(events, 50).get_page(request.GET.get("page"))
    rows = list(page)
    found = {
        what: records.in_bulk([pk for __, pk, kind in rows if kind == what])
        for what, records in TIMELINE.items()
    }
    years = [
        (year, [(what, found[what][pk]) for __, pk, what in of_year])
        for year, of_year in groupby(rows, key=lambda row: row[0].year)
    ]
    return render(request, "twin/timeline.html", {"page_obj": page, "years": years})


def gaps(request):
    """What is missing: numbers, texts, ballots, agreements, links."""
    resolutions = models.Resolution.objects.filter(
        Q(number="") | Q(text="") | Q(actions__isnull=True)
    ).distinct()
    context = {
        "count": resolutions.count(),
        "resolutions": resolutions[:50],
        "relationships": models.Relationship.objects.filter(
            Q(agreements__isnull=True) | Q(story="")
        )
        .select_related("home", "partner")
        .distinct(),
        "sources": models.Source.objects.filter(address=""),
    }
    return render(request, "twin/gaps.html", context)
