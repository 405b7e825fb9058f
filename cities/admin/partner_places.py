"""Records whose place at the desk is the page of a partner city, between what belongs to it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse

from cities.models import City


class PartnerPlaceAdmin:
    """Lead whoever looks for a record to its line on the page of its partner."""

    admin_site: Any
    opts: Any
    get_queryset: Any
    has_view_permission: Any
    partner_path = "partner"
    """The lookup of the partner city."""

    def page_address(self, pk: Any) -> str:
        """Return the address that leads there: the partner is looked up once somebody goes."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_partner", args=[pk])

    def get_urls(self) -> list[Any]:
        usual: Any = super()
        name = f"{self.opts.app_label}_{self.opts.model_name}_partner"
        view = self.admin_site.admin_view(self.partner_view)
        return [path("<int:pk>/partner/", view, name=name), *usual.get_urls()]

    def partner_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Go to the page of the partner; to the form if the user may not see that page."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = self.get_queryset(request).filter(pk=pk).order_by(self.partner_path)
        if not (found := [*rows.values_list(self.partner_path, flat=True)[:1]]):
            raise Http404
        cities: Any = self.admin_site.get_model_admin(City)
        may_see = cities.has_view_permission(request)
        seen = cities.get_queryset(request).filter(pk=found[0]).exists() if may_see else False
        if not seen:
            route = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
            return HttpResponseRedirect(reverse(route, args=[pk]))
        page = reverse("admin:cities_city_partner", args=[found[0]])
        return HttpResponseRedirect(f"{page}#{self.opts.model_name}-{pk}")
