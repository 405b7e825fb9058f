"""What a new installation is asked: where it runs, whose record it is, who looks after it."""

import re
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.admin.city_forms import find_subdivision
from cities.models import City, Organization
from cities.records.countries import country_choices
from cities.records.folding import plain
from lrscc.accounts.account_admin import InvitationForm

_QUOTED = re.compile(r"[\s'\"`\\$#]")
"""What the programs that read a file of settings each read in another way."""


class SettingsForm(forms.Form):
    """Where the site runs. A blank answer is the default of that setting."""

    heading = _("Where the site runs")

    address = forms.CharField(
        label=_("Address of the site"),
        required=False,
        help_text=_(
            "Such as https://sistercities.example.org. Leave it blank to use the site only on"
            " this machine."
        ),
    )
    database_url = forms.CharField(
        label=_("PostgreSQL database"),
        required=False,
        help_text=_(
            "Such as postgres://user:password@host:5432/register. Leave it blank to keep all"
            " in a file."
        ),
    )
    data_dir = forms.CharField(
        label=_("Folder for data"),
        required=False,
        help_text=_("Such as /srv/register. Leave it blank for “var” in this folder."),
    )
    email_url = forms.CharField(
        label=_("Mail server"),
        required=False,
        help_text=_(
            "Such as smtp+tls://user:password@mail.example.org:587. Leave it blank to send no"
            " mail."
        ),
    )
    mail_from = forms.EmailField(
        label=_("Sender of these mails"),
        required=False,
        help_text=_("An e-mail address. Leave it blank if you send no mail."),
    )

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"].rstrip("/")
        try:
            parts = urlsplit(address)
            is_site = parts.scheme == "https" and re.fullmatch(
                r"[a-z0-9-]+(\.[a-z0-9-]+)+", parts.hostname or ""
            )
            is_bare = address == f"https://{parts.netloc}" and "@" not in parts.netloc
            bool(parts.port)
        except ValueError:
            is_site = None
        if address and not (is_site and is_bare):
            raise ValidationError(
                gettext("Enter https:// and the name of the site, and nothing after it.")
            )
        return address.lower()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name, value in [*cleaned.items()]:
            if _QUOTED.search(value):
                self.add_error(
                    name,
                    _(
                        "Leave out spaces, quotation marks and the signs \\, $ and #. In an"
                        " address write them as %20, %22, %5C, %24 and %23."
                    ),
                )
        if cleaned.get("email_url") and "mail_from" in cleaned and not cleaned["mail_from"]:
            self.add_error("mail_from", _("Enter the address from which the site sends mail."))
        return cleaned

    def variables(self) -> dict[str, str]:
        """Return the variables of the environment that say the same."""
        given = {
            name.upper(): self.cleaned_data[name]
            for name in ("database_url", "data_dir", "email_url", "mail_from")
            if self.cleaned_data[name]
        }
        if address := self.cleaned_data["address"]:
            host = urlsplit(address).hostname or ""
            given |= {"ALLOWED_HOSTS": host, "CSRF_TRUSTED_ORIGINS": address, "HTTPS_ONLY": "true"}
        return given


class HomeForm(forms.Form):
    """The home city, and the organization that keeps its record."""

    heading = _("The home city, and who keeps its record")

    city = City._meta.get_field("name").formfield(label=_("Home city"))
    country = forms.CharField(
        label=_("Country"), help_text=_("Its name or its code, such as United States or US.")
    )
    state = forms.CharField(
        label=_("State or province"),
        required=False,
        help_text=_("Leave it blank if the country has none."),
    )
    time_zone = City._meta.get_field("time_zone").formfield(
        label=_("Time zone"), required=True, help_text=_("Such as America/Detroit.")
    )
    commission = Organization._meta.get_field("name").formfield(
        label=_("Who keeps the record"),
        help_text=_("Such as Springfield Sister Cities Commission."),
    )
    commission_email = Organization._meta.get_field("email").formfield(
        label=_("Its public e-mail")
    )
    commission_telephone = Organization._meta.get_field("telephone").formfield(
        label=_("Its telephone"), help_text=_("Such as 517-555-0100.")
    )
    commission_address = Organization._meta.get_field("postal_address").formfield(
        label=_("Its postal address")
    )

    def clean_country(self) -> str:
        wanted = plain(self.cleaned_data["country"])
        for code, name in country_choices():
            if wanted in (plain(code), plain(str(name))):
                return code
        raise ValidationError(
            gettext("There is no country of this name. Try its code of two letters.")
        )

    def clean_state(self) -> str:
        name, country = self.cleaned_data["state"], self.cleaned_data.get("country")
        return find_subdivision(name, country) if name and country else ""

    def clean_time_zone(self) -> str:
        return _valid(City, "time_zone", self.cleaned_data["time_zone"])

    def clean_commission_telephone(self) -> str:
        number = _valid(Organization, "telephone", self.cleaned_data["commission_telephone"])
        if not number and not self.cleaned_data.get("commission_email", "none that is valid"):
            raise ValidationError(
                gettext("Enter an e-mail or a telephone number: the site shows how to reach you.")
            )
        return number

    def rows(self) -> dict[str, list[dict[str, str]]]:
        """Return the register as a register file has it."""
        said: dict[str, str] = self.cleaned_data
        home, maintainer = (
            slugify(plain(said[name]))[:60] or name for name in ("city", "commission")
        )
        tables = {
            "cities": {
                "slug": home,
                "name": said["city"],
                "kind": "city",
                "country": said["country"],
                "subdivision": said["state"],
                "time_zone": said["time_zone"],
            },
            "organizations": {
                "slug": maintainer,
                "name": said["commission"],
                "classification": "commission",
                "place": home,
                "email": said["commission_email"],
                "telephone": said["commission_telephone"],
                "postal_address": said["commission_address"],
            },
            "register": {"home": home, "maintainer": maintainer},
        }
        return {
            table: [{name: value for name, value in row.items() if value}]
            for table, row in tables.items()
        }


def _valid(model: Any, name: str, value: str) -> str:
    """Return a value that follows the rules of its field, which its form field does not know."""
    if value:
        model._meta.get_field(name).run_validators(value)
    return value


class AdministratorForm(InvitationForm):
    """The first administrator, who may do everything and invites the others."""

    heading = _("The first administrator")
    groups = None  # type: ignore[assignment]
    email = forms.EmailField(label=_("E-mail"), max_length=150)

    class Meta(InvitationForm.Meta):
        fields = ["first_name", "last_name", "email"]

    def save(self, commit: bool = True) -> Any:
        self.instance.is_superuser = True
        return super().save(commit)
