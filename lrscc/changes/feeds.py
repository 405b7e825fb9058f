"""Changes as an Atom feed (RFC 4287), to follow without giving an address."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from django.utils.feedgenerator import Atom1Feed
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext

from lrscc.changes.reading import Change

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML can hold."""
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""When a feed without changes was last changed: Atom wants a date."""


class _Feed(Atom1Feed):
    """Its date is that of its newest change: the same feed has the same bytes at any hour."""

    def latest_post_date(self) -> datetime:
        return max((item["updateddate"] for item in self.items), default=_NEVER)


def atom(
    changes: Iterable[Change],
    *,
    author: str,
    domain: str,
    title: str,
    page: str,
    feed: str,
    address: Callable[[str], str],
) -> bytes:
    """The feed of changes; `page` and `feed` are paths, which `address` makes whole."""
    whole = _Feed(
        title=_sound(title),
        link=address(page),
        description="",
        subtitle=gettext("Published, changed, corrected and withdrawn records, newest first."),
        language=get_language(),
        feed_url=address(feed),
        feed_guid=_name(domain, feed),
        author_name=author,
    )
    for change in changes:
        whole.add_item(
            title=_sound(change.title),
            link=address(change.address or page),
            description=escape(_sound(in_words(change))),  # as the summary is HTML
            unique_id=change.id,
            updateddate=change.moment,
            categories=[change.kind],
        )
    return whole.writeString("utf-8").encode()


def in_words(change: Change) -> str:
    """Return when, by which office and why: “Changed on May 12, 2026 (City Clerk): …”."""
    parts = {
        "done": change.kind_label,
        "day": date_format(localtime(change.moment)),
        "office": change.office,
        "why": change.why,
    }
    if change.office and change.why:
        return gettext("%(done)s on %(day)s (%(office)s): %(why)s") % parts
    if change.why:
        return gettext("%(done)s on %(day)s: %(why)s") % parts
    if change.office:
        return gettext("%(done)s on %(day)s (%(office)s).") % parts
    return gettext("%(done)s on %(day)s.") % parts


def _name(domain: str, text: str) -> str:
    """A name that stays whatever the host and the scheme are."""
    return uuid5(NAMESPACE_URL, f"{domain}/{text}").urn


def _sound(text: str) -> str:
    return _NO_XML.sub("", text)
