"""The admin as a whole: its titles and addresses, and one transaction for what a person does."""

from dataclasses import asdict
from functools import wraps
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import TO_FIELD_VAR
from django.contrib.auth.views import PasswordChangeView
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, OperationalError
from django.db.models import ProtectedError
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from cities.models import City
from cities.records.admin.autocomplete import MenuView
from cities.records.admin.presence import open_form_view
from cities.records.admin.unsaved import unsaved_view
from cities.records.derived import collecting
from lrscc import sent_forms
from lrscc.changes import reading as changes
from lrscc.desk import jump, menu, tasks
from lrscc.desk.in_place import FormInPlace
from lrscc.desk.partner import CityPage
from lrscc.errors import SECONDS_TO_WAIT
from lrscc.running.waiting import is_busy

CHANGES_SHOWN = 8
"""The newest public changes on the first page."""
METHODS = ["GET", "HEAD", "POST"]


class RegisterSite(admin.AdminSite):
    """The site on which every app registers its admin."""

    site_title = _("Sister cities register")
    site_header = _("Sister cities register: staff")
    index_title = _("Home")
    empty_value_display = '<span class="nothing">–</span>'

    def get_urls(self) -> list[Any]:
        """Leave out Django’s redirect from a number to a record’s page: it reveals drafts."""
        return [
            path("jump/", self.admin_view(self.jump), name="jump"),
            path("jump/suggest/", self.admin_view(self.suggest), name="jump-suggest"),
            path("unsaved/", self.admin_view(self.unsaved), name="unsaved"),
            path("open/", self.admin_view(self.open_form), name="open_form"),
            path("partners/<int:pk>/", self.admin_view(self.city), name="cities_city_partner"),
            *(url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"),
        ]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Return the menu in the words of the office; of one app, its own models.

        Django asks for it twice on the first page: the rights of a request are looked up once.
        """
        if app_label is not None:
            return super().get_app_list(request, app_label)
        if not hasattr(request, "menu"):
            request.menu = [*menu.app_list(self._build_app_dict(request))]  # type: ignore[attr-defined]
        return request.menu  # type: ignore[attr-defined]

    def index(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        """Show what a person can begin, what waits for them, and what has changed."""
        context = {
            "beginnings": tasks.beginnings(request.user),
            "task_lists": tasks.waiting(self, request, localdate()),
            "changes": changes.changes_of(changes.entries()[:CHANGES_SHOWN]),
        }
        return super().index(request, {**context, **(extra_context or {})})

    def jump(self, request: HttpRequest) -> HttpResponse:
        """Show the pages and records that a few letters find."""
        words = request.GET.get("q", "")
        context = {
            **self.each_context(request),
            "title": _("Jump to"),
            "words": words,
            "places": jump.places(self, request, words),
        }
        return render(request, "admin/desk/jump.html", context)

    def suggest(self, request: HttpRequest) -> HttpResponse:
        """Return the same while somebody types."""
        found = jump.places(self, request, request.GET.get("q", ""))
        return JsonResponse({"suggestions": [asdict(place) for place in found]})

    def unsaved(self, request: HttpRequest) -> HttpResponse:
        """Keep what people type and have not saved, and list it for them."""
        return unsaved_view(self, request)

    def open_form(self, request: HttpRequest) -> HttpResponse:
        """Take a sign of life of a form, and answer who else has it open."""
        return open_form_view(self, request)

    def city(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show all that is on record with one city, with what can be changed and added."""
        own: Any = self.get_model_admin(City)
        if not own.has_view_permission(request):
            raise PermissionDenied
        address = reverse("admin:cities_city_partner", args=[pk])
        place = FormInPlace.asked_for(self, request, address)
        if place is not None and place.answer is not None:
            return place.answer
        page = CityPage(self, request, pk, localdate(), place and place.record)
        context = {
            **self.each_context(request),
            "title": page.city.menu_label,
            "opts": own.opts,
            "city": page.city,
            "page": page,
            "place": place,
        }
        return render(request, "admin/desk/partner.html", context)

    def autocomplete_view(self, request: HttpRequest) -> Any:
        """Call records in menus by their labels."""
        return MenuView.as_view(admin_site=self)(request)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Save a form and its parts all or not at all, and make what follows from them once."""
        return super().admin_view(self._in_one_transaction(view), cacheable)

    def register(self, models: Any, *args: Any, **kwargs: Any) -> None:  # type: ignore[override]
        """Leave out django-allauth's own models: they hold secrets, and people have pages of
        their own for them."""
        given: Any = [models] if isinstance(models, type) else models
        ours = [model for model in given if model._meta.app_label not in ("account", "mfa")]
        super().register(ours, *args, **kwargs)

    def login(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Sign in on our own page, which stands at this address: see `lrscc.accounts.urls`."""
        from lrscc.accounts.views import SignIn  # noqa: PLC0415 - needs this site

        return SignIn.as_view()(request)

    def logout(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Sign out, and let the browser forget what it kept of the pages."""
        response = super().logout(request, extra_context)
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Change one’s own password by a form that counts guesses of the old one."""
        from lrscc.accounts.forms import OwnPasswordForm  # noqa: PLC0415 - needs the apps

        return PasswordChangeView.as_view(
            form_class=OwnPasswordForm,
            success_url=reverse("admin:password_change_done"),
            extra_context={**self.each_context(request), **(extra_context or {})},
        )(request)

    def _in_one_transaction(self, view: Any) -> Any:
        """Return a view that saves all or nothing, and says so if others save for too long."""

        def all_or_nothing(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            with collecting():
                return sent_forms.once(request, lambda: view(request, *args, **kwargs))

        @wraps(view)
        def in_one_transaction(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in METHODS:
                return HttpResponseNotAllowed(METHODS)
            _leave_out_what_no_page_sends(request)
            if request.method in ("GET", "HEAD"):
                return view(request, *args, **kwargs)
            try:
                return all_or_nothing(request, *args, **kwargs)
            except OperationalError as error:
                if is_busy(error):
                    return self.busy(request)
                raise
            except ProtectedError as error:  # a record says why it stays
                messages.error(request, error.args[0])
                return HttpResponseRedirect(request.get_full_path())
            except IntegrityError:
                if request.FILES:  # they have been read already
                    return self.busy(request)
                # Somebody else saved between the form's checks and this: now the checks see it.
                return all_or_nothing(request, *args, **kwargs)

        return in_one_transaction

    def busy(self, request: HttpRequest) -> HttpResponse:
        """Say that somebody else is saving, and keep what was typed for another try."""
        context = {
            **self.each_context(request),
            "title": _("Not saved yet"),
            "typed": [
                (name, value)
                for name, values in request.POST.lists()
                if name != "csrfmiddlewaretoken"
                for value in values
            ],
            "has_files": bool(request.FILES),
        }
        response = render(request, "admin/busy.html", context, status=503)
        response.headers["Retry-After"] = str(SECONDS_TO_WAIT)
        return response


def _leave_out_what_no_page_sends(request: HttpRequest) -> None:
    """Leave out an empty field to look a record up by, which Django would look for, and a button
    for a copy, after which it would link to the history of no record."""
    for name in ("GET", "POST"):
        given = getattr(request, name)
        unwanted = [
            field
            for field, value in given.items()
            if field == "_saveasnew" or (field == TO_FIELD_VAR and not value)
        ]
        if unwanted:
            changed = given.copy()
            for field in unwanted:
                del changed[field]
            setattr(request, name, changed)
