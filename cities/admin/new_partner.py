"""The page on which a new partner city is added whole: saved as drafts that belong together."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.admin import new_partner_forms as one_page
from cities.admin.entries import CitationInline
from cities.current_register import register_of
from cities.models import (
    Agreement,
    Citation,
    City,
    CityName,
    Entry,
    Organization,
    Relationship,
    RelationshipType,
    Source,
)
from cities.records.admin import may
from cities.records.admin.faults import Fault, faults_of
from cities.records.admin.unsaved import note_saved, shown_again
from cities.records.publishing import Publication
from cities.standing import ACTIVE

NEEDED = (City, Relationship, Entry, Citation)
"""What a new partner always consists of; the page leaves out the rest without the right to it."""


SOURCES_LISTED = 200
"""The newest sources, in a menu for a browser without JavaScript."""

FOLDED: dict[str, list[tuple[str, str]]] = {
    "city": [
        *(("city", name) for name in ("kind", "website", "summary", "latitude", "longitude")),
        *(("city", name) for name in ("time_zone", "is_outside_country")),
    ],
    "entry": [
        *(("entry", name) for name in one_page.ENTRY_FIELDS[5:]),
        *(("relationship", name) for name in one_page.RELATIONSHIP_FIELDS),
    ],
    "agreement": [("agreement", name) for name in ("term", "until", "renewal_rule", "note")],
    "source": [
        ("citation", "says"),
        *(("source", name) for name in one_page.SOURCE_FIELDS[5:]),
    ],
}
"""The fields that the page folds away, each by its form, until something is in one of them."""


class RefusedFormError(Exception):
    """A record follows not all of its rules: nothing of the page is saved."""


def _token(text: str) -> str:
    """Return the name of a form, or a new one for what is none."""
    try:
        return str(UUID(text))
    except ValueError:
        return str(uuid4())


class NewPartner:
    """A city with its relationship, first entry, agreement and source, saved all or nothing."""

    def __init__(self, request: HttpRequest, site: Any) -> None:
        self.request, self.site = request, site
        self.home = register_of(request).home
        is_sent = request.method == "POST"
        self._sent: dict[str, Any] = {}
        if is_sent:
            self._sent = {"data": request.POST, "files": request.FILES}
        self.token = _token(request.POST.get("token", ""))
        self.city = self._form(City, one_page.NewCityForm, one_page.CITY_FIELDS, "city")
        self.city.fields["kind"].initial = "city"
        self.name = self._name()
        self.relationship = self._form(
            Relationship,
            one_page.NewRelationshipForm,
            one_page.RELATIONSHIP_FIELDS,
            "relationship",
        )
        self.entry = self._entry()
        self.agreement = self._optional(
            Agreement, one_page.NewAgreementForm, one_page.AGREEMENT_FIELDS, "agreement"
        )
        self.citation = self._citation()
        self.source = self._optional(
            Source, one_page.NewSourceForm, one_page.SOURCE_FIELDS, "source"
        )

    # --- the forms ---

    def _form(self, model: Any, form: Any, fields: list[str], prefix: str, **kwargs: Any) -> Any:
        """Return a form with the fields of the record’s own form in the admin."""
        own = self.site.get_model_admin(model)
        made = own.get_form(self.request, form=form, fields=fields)
        return made(prefix=prefix, **self._sent, **kwargs)

    def _optional(self, model: Any, form: Any, fields: list[str], prefix: str) -> Any:
        """Return a form that can be left blank; none for who may not add such a record."""
        if not may(self.request, "add", model):
            return None
        options = {"empty_permitted": True, "use_required_attribute": False}
        return self._form(model, form, fields, prefix, **options)

    def _name(self) -> Any:
        if not may(self.request, "add", CityName):
            return None
        return one_page.NativeNameForm(
            prefix="name", empty_permitted=True, use_required_attribute=False, **self._sent
        )

    def _entry(self) -> Any:
        """Return the form of the entry, with short menus instead of boxes to search in."""
        form = self._form(Entry, one_page.FirstEntryForm, one_page.ENTRY_FIELDS, "entry")
        organizations = self.site.get_model_admin(Organization).get_queryset(self.request)
        deciding = organizations.filter(authorities__place=self.home).distinct()
        for name, rows in (("type", RelationshipType.objects.all()), ("decided_by", deciding)):
            form.fields[name].widget = forms.Select()
            form.fields[name].queryset = rows
        return form

    def _citation(self) -> Any:
        inline = CitationInline(Entry, self.site)
        made = inline.get_formset(
            self.request, form=one_page.FirstCitationForm, fields=one_page.CITATION_FIELDS
        )
        return made.form(prefix="citation", **self._sent)

    @property
    def forms(self) -> list[Any]:
        """The forms in the order of the page."""
        every = (
            self.city,
            self.name,
            self.relationship,
            self.entry,
            self.agreement,
            self.citation,
            self.source,
        )
        return [form for form in every if form is not None]

    @property
    def newest_sources(self) -> Any:
        """The sources offered in a plain menu to who has no JavaScript to search with."""
        rows = self.site.get_model_admin(Source).get_queryset(self.request)
        rows = rows.exclude(publication=Publication.WITHDRAWN)
        return rows.order_by("-pk").values_list("pk", "title")[:SOURCES_LISTED]

    @property
    def media(self) -> Any:
        return sum((form.media for form in self.forms), forms.Media())

    @property
    def faults(self) -> Iterator[Fault]:
        """Yield all that is wrong, in the order of the page."""
        for form in self.forms:
            yield from faults_of(form)

    @property
    def has_faults(self) -> bool:
        return any(form.errors for form in self.forms)

    @property
    def lost_file(self) -> bool:
        return bool(self.request.FILES)

    @property
    def may_publish(self) -> bool:
        return may(self.request, "publish", City)

    @cached_property
    def opened(self) -> dict[str, bool]:
        """Which folded parts of the page are open: something in them is entered or wrong."""
        return {
            part: any(self._is_used(getattr(self, of), name) for of, name in fields)
            for part, fields in FOLDED.items()
        }

    def _is_used(self, form: Any, name: str) -> bool:
        if form is None or not self._sent:
            return False
        return name in form.errors or name in form.changed_data

    # --- checking and saving ---

    def is_valid(self, needs_source: bool) -> bool:
        """Return whether each form is right by itself, and there is one source or none."""
        self.city.is_valid()
        self.entry.is_valid()
        if self.name is not None:
            self.name.country = self.city.cleaned_data.get("country", "")
        if self.agreement is not None:
            self.agreement.city_slug = self.city.cleaned_data.get("slug", "")
            self.agreement.note_entry(self.entry)
        self.citation.is_valid()
        self._check_source(needs_source)
        return not self.has_faults

    def _check_source(self, needs_source: bool) -> None:
        is_chosen = self.citation.cleaned_data.get("source") is not None
        if is_chosen and self._has_new_source:
            sentence = gettext("Choose a source on record or enter a new one, not both.")
        elif needs_source and not (is_chosen or self._has_new_source):
            sentence = gettext(
                "Choose a source on record, or enter a new one below: nothing is published"
                " without. To do it later, save as a draft."
            )
        else:
            return
        if "source" not in self.citation.errors:
            self.citation.add_error("source", sentence)

    @property
    def _has_new_source(self) -> bool:
        return self.source is not None and self.source.has_changed()

    @property
    def _has_agreement(self) -> bool:
        return self.agreement is not None and self.agreement.has_changed()

    def save(self) -> City | None:
        """Return the new city; None if a record broke a rule, which its form then says."""
        try:
            with transaction.atomic():
                return self._save()
        except RefusedFormError:
            return None

    def _save(self) -> City:
        city = self._keep(self.city)
        if self.name is not None and self.name.has_changed():
            self._require(self.name, city=city)
            self.name.save()
        self._require(self.relationship, home=self.home, partner=city)
        relationship = self._keep(self.relationship)
        agreement = self._save_agreement(relationship)
        is_agreed = self.entry.cleaned_data["kind"] in ACTIVE
        self._require(
            self.entry, relationship=relationship, agreement=agreement if is_agreed else None
        )
        entry = self._keep(self.entry)
        source = self.citation.cleaned_data.get("source")
        if self._has_new_source:
            source = self._keep(self.source)  # last: its file is written at once
        if source is not None:
            self._require(self.citation, entry=entry, source=source)
            self.citation.save()
        if agreement is not None:
            self._finish_agreement(agreement, entry, source)
        return city

    def _save_agreement(self, relationship: Relationship) -> Agreement | None:
        if not self._has_agreement:
            return None
        agreement = self._keep(self.agreement)
        agreement.relationships.set([relationship])
        return agreement

    def _finish_agreement(self, agreement: Agreement, entry: Entry, source: Any) -> None:
        if source is not None and self.agreement.cleaned_data["is_document"]:
            agreement.documents.set([source])
        if warning := self.agreement.warning(entry):
            messages.warning(self.request, warning)

    @staticmethod
    def _require(form: Any, **named: Any) -> None:
        if not form.check_rules(**named):
            raise RefusedFormError

    def _keep(self, form: Any) -> Any:
        """Save a record as its own form does, and log it."""
        own = self.site.get_model_admin(form._meta.model)
        record = form.save(commit=False)
        own.save_model(self.request, record, form, change=False)
        form.save_m2m()
        own.log_addition(self.request, record, [self._addition])
        return record

    # --- sent twice ---

    @cached_property
    def _addition(self) -> dict[str, Any]:
        return {"added": {}, "form": self.token}

    def saved_before(self) -> City | None:
        """Return the city that this very form added before: somebody pressed the button twice.

        The second of two requests of one person waits here for the first.
        """
        user: Any = self.request.user
        get_user_model().objects.select_for_update().get(pk=user.pk)
        additions = LogEntry.objects.filter(
            user=user,
            action_flag=ADDITION,
            content_type=ContentType.objects.get_for_model(City),
            change_message__contains=f'"form": "{self.token}"',
        )
        keys = additions.values_list("object_id", flat=True)
        return City.objects.filter(pk__in=[int(str(key)) for key in keys]).first()


class NewPartnerAdmin:
    """Add a whole partner city on one page, then go to where all of it is published."""

    admin_site: Any
    opts: Any
    page_address: Any

    def new_partner_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.new_partner_view)
        return [path("new-partner/", view, name="cities_city_new_partner")]

    def new_partner_view(self, request: HttpRequest) -> HttpResponse:
        """Show the form by GET; save all of it as drafts, or nothing, by POST."""
        if not all(may(request, "add", model) for model in NEEDED):
            raise PermissionDenied
        if not register_of(request).is_on_record:
            return render(request, "admin/cities/no_home.html", self._frame(request))
        page = NewPartner(shown_again(request) or request, self.admin_site)
        if request.method == "POST":
            is_draft = "_draft" in request.POST
            if city := page.saved_before():
                note_saved(request)
                messages.info(request, gettext("This partner city was saved already: %s.") % city)
                return HttpResponseRedirect(self._next(request, city, is_draft))
            if page.is_valid(needs_source=not is_draft) and (city := page.save()):
                note_saved(request)
                messages.success(request, gettext("Saved as a draft: %s.") % city)
                return HttpResponseRedirect(self._next(request, city, is_draft))
        return render(request, "admin/cities/new_partner.html", self._frame(request, page))

    def _frame(self, request: HttpRequest, page: NewPartner | None = None) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": _("Add a partner city"),
            "opts": self.opts,
            "page": page,
        }

    def _next(self, request: HttpRequest, city: City, is_draft: bool) -> str:
        """Return where a new city is published or sent for review; else its own page."""
        if not may(request, "preview", City):
            return reverse("admin:index")
        if not is_draft and may(request, "publish", City):
            return reverse("admin:cities_city_publish", args=[city.pk])
        if not is_draft and may(request, "change", City):
            return reverse("admin:cities_city_submit", args=[city.pk])
        return self.page_address(city.pk)
