"""Public changes of records in words: what changed, when, in which office, and why.

All of it is read from the log. Of a withdrawn record only the withdrawal is listed. No member of
staff is named.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db.models import Max, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from cities.records.dates import RecordDate
from cities.records.kept import kept
from cities.records.log import ChangeKind, LogEntry, LoggedRecord, Shown
from cities.records.record_types import Known
from lrscc import roles
from lrscc.changes.causes import FROM_FILES, SOMEBODY
from lrscc.changes.representation import represented
from lrscc.changes.scopes import Scope, of_page, shown_on_several

KINDS = {
    kind.value: kind.label
    for kind in (
        ChangeKind.PUBLISHED,
        ChangeKind.CHANGED,
        ChangeKind.CORRECTED,
        ChangeKind.WITHDRAWN,
        ChangeKind.RESTORED,
        ChangeKind.IMPORTED,
    )
}
"""Kinds of change that a reader may ask for, with what a reader calls them."""

_OFFICES = {
    roles.STAFF: _("Commission staff"),
    roles.CLERK: _("City Clerk"),
    SOMEBODY: _("Commission staff"),
}
"""What visitors read of who made a change."""


@dataclass(frozen=True)
class Change:
    """One change, of a record or of its parts, that visitors can see.

    `address` is empty where no page shows the record; `office` and `why` where there is no record.
    """

    id: str
    """Names it for ever, whatever is changed later: a URN."""
    moment: datetime
    kind: str
    record: str
    what: str
    address: str
    office: str
    why: str
    language: str = ""
    """Of the name, where that is not in English."""

    @property
    def kind_label(self) -> str:
        return str(KINDS[self.kind])

    @property
    def day(self) -> date:
        """The day in the home city."""
        return localdate(self.moment)

    @property
    def name(self) -> str:
        """What changed, for a list: the name of its page, or what it is where that has none."""
        return self.record or self.what[:1].upper() + self.what[1:]

    @property
    def title(self) -> str:
        """“Otsu: entry 3 (signed), published”."""
        parts = {"record": self.record, "what": self.what, "done": self.kind_label.lower()}
        if self.record:
            return gettext("%(record)s: %(what)s, %(done)s") % parts
        return gettext("%(what)s, %(done)s") % {**parts, "what": self.name}


def entries(scope: Scope | None = None, kind: str = "") -> Any:
    """Return the entries of the log for readers, newest first, to be counted and sliced.

    Those of a scope are also those of a large import, which all others find in one line.
    """
    if scope is None:
        shown = _shown(Shown.EVERYWHERE)
    else:  # of few records: each says itself whether it is hidden
        public = Q(record__is_public=True) | Q(kind=ChangeKind.WITHDRAWN)
        shown = _numbered(Shown.ON_ITS_PAGE).filter(public, record__in=scope.records())
    if kind:
        shown = shown.filter(kind=kind)
    return shown.select_related("record__page").order_by("-number")


def _shown(least: Shown) -> Any:
    """Return what readers find: of hidden records only that they were withdrawn."""
    hidden = LoggedRecord.objects.filter(is_public=False)
    return _numbered(least).filter(
        Q(record__isnull=True) | ~Q(record__in=hidden) | Q(kind=ChangeKind.WITHDRAWN)
    )


def _numbered(least: Shown) -> Any:
    return LogEntry.objects.filter(shown__gte=least, number__isnull=False)


@kept
def kinds_on_record() -> list[str]:
    """Return the kinds of change that there have been, in the order in which they are offered."""
    found = set(_shown(Shown.EVERYWHERE).order_by().values_list("kind", flat=True).distinct())
    return [kind for kind in KINDS if kind in found]


def changes_of(shown: Iterable[LogEntry]) -> list[Change]:
    """Return entries of the log in words."""
    return [_change(entry) if entry.record else _summary(entry) for entry in shown]


def last(record: Any) -> Change | None:
    """Return the newest change shown on the page of a record, with one query."""
    newest = entries(of_page(record)).first()
    return _change(newest) if newest else None


def _summary(entry: LogEntry) -> Change:
    """Return the one line for many records that were published together."""
    count = entry.count or 0
    what = ngettext("%(count)d record", "%(count)d records", count) % {"count": count}
    return _told(entry, record="", what=what, address="", language="")


def _change(entry: LogEntry) -> Change:
    record: Any = entry.record
    page = record.page or record
    record_type = represented()[record.kind].record_type
    known = Known(
        label=record.kind,
        pk=record.object_id,
        slug=page.slug,
        title=page.title,
        dated=page.dated,
        number=record.number,
        kind=record.variety,
        language=page.language,
        is_page_public=page.is_public,
    )
    noun = record_type.phrase(known)
    # A page that was withdrawn keeps its name to itself.
    is_named = known.is_page_public
    return _told(
        entry,
        record=_page_name(known) if is_named else "",
        what=_what(noun, entry.parts) if entry.parts else noun,
        address=record_type.address(known.slug, known.number),
        language=known.language if is_named else "",
    )


def _told(entry: LogEntry, *, record: str, what: str, address: str, language: str) -> Change:
    return Change(
        id=entry.feed_id.urn,
        moment=entry.moment,
        kind=entry.kind,
        record=record,
        what=what,
        address=address,
        office=office(entry),
        why=why(entry.reason),
        language=language,
    )


def _page_name(known: Known) -> str:
    """Return the name of the page that shows the record."""
    if not known.dated:
        return known.title
    parts = {"organization": known.title, "date": str(RecordDate.parse(known.dated))}
    return gettext("%(organization)s, %(date)s") % parts


def _what(noun: str, parts: Iterable[str]) -> str:
    """Return which parts of a record changed: “city (name, succession)”."""
    names = ", ".join(dict.fromkeys(map(_part_name, parts)))
    return gettext("%(noun)s (%(parts)s)") % {"noun": noun, "parts": names}


def _part_name(label: str) -> str:
    return str(apps.get_model(label)._meta.verbose_name)


def office(entry: LogEntry) -> str:
    """Return what visitors read of who made a change."""
    return str(_OFFICES.get(entry.office, ""))


def why(reason: str) -> str:
    """Return the reason for visitors; that of a file says only that it was a file."""
    return gettext("First import.") if reason.startswith(FROM_FILES) else reason


def newest_of_pages(model: Any) -> dict[str, datetime]:
    """Return when each page of a kind of record last changed, by slug."""
    told = _shown(Shown.ON_ITS_PAGE)
    own = told.filter(record__page__kind=model._meta.label_lower)
    newest = dict(own.order_by().values_list("record__page__slug").annotate(Max("moment")))
    for record_type in shown_on_several(model):
        rows = told.filter(record__kind=record_type.label).order_by()
        moments = dict(rows.values_list("record__object_id").annotate(Max("moment")))
        for pk, slug in record_type.pages():
            if pk in moments:
                newest[slug] = max(moments[pk], newest.get(slug, moments[pk]))
    return newest
