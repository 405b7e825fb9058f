"""What changed in what visitors read: when, what, in which office, and why.

Nothing is written down for it: the history of the records tells. A draft has no changes, nor
has what was done while a record, or what it is about, was one. Of a withdrawn record the
withdrawal alone is told. Nobody who keeps the register is named.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.db.models import (
    Case,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cities.models import Agreement, City, Organization, Relationship
from cities.records.publishing import Publication
from exchanges.models import Exchange, Program
from lrscc import roles
from lrscc.changes.prepared import Prepared
from lrscc.changes.subjects import BY_LABEL, PARTS, SUBJECTS, Known, Subject
from resolutions.models import Action, Ballot, Meeting, Member, Resolution, Statement

PUBLISHED, CORRECTED, CHANGED, WITHDRAWN = "published", "corrected", "changed", "withdrawn"
KINDS = {
    PUBLISHED: gettext_lazy("Published"),
    CHANGED: gettext_lazy("Changed"),
    CORRECTED: gettext_lazy("Corrected"),
    WITHDRAWN: gettext_lazy("Withdrawn"),
}
"""Kinds of change, with what a reader calls them."""
_FIRST_IS_SAID = (WITHDRAWN, CORRECTED, PUBLISHED, CHANGED)

AT_ONCE = timedelta(minutes=1)
"""What is saved within it belongs together: a form with its rows, a record with its parts."""

MOST_AT_ONCE = 20
"""Versions that are read to tell one change."""

FROM_FILES = "load_register "
"""How the reason begins of what was loaded from the register’s files."""

OFFICES = {
    roles.STAFF: gettext_lazy("the commission’s staff"),
    roles.CLERK: gettext_lazy("the Council clerk"),
}
"""What visitors read of who made a change."""

Pages = Mapping[Any, Q]
"""Of which pages the changes are wanted: for each kind of record with a page, which."""


class _Row(NamedTuple):
    """One version of a record or of its part, as the database tells it."""

    subject: str
    pk: int
    part: str
    version: int
    moment: datetime
    kind: str
    step: str
    reason: str
    office: str
    is_by_somebody: bool


@dataclass(frozen=True)
class Change:
    """One change, of a record or of its parts, that visitors can see.

    `address` is empty where no page shows the record; `office` and `why` where nothing tells.
    """

    key: str
    """Names it for ever, whatever is changed later."""
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
        """The day in Lansing."""
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
            return _("%(record)s: %(what)s, %(done)s") % parts
        return _("%(what)s, %(done)s") % {**parts, "what": self.name}


# --- which pages ------------------------------------------------------------------------


@dataclass(frozen=True)
class Scope:
    """Of which pages changes are wanted: those that `pages` names for the record of a key."""

    pages: Callable[[Any, int], Pages]
    model: Any
    key: int


def of_page(record: Any) -> Scope:
    """What the page of a record shows."""
    return Scope(_page, type(record), record.pk)


def _page(model: Any, key: int) -> Pages:
    return {model: Q(pk=key)}


def of_place(place: City) -> Scope:
    """The page of a place, and what was asked, said and done about it."""
    return Scope(_about_place, City, place.pk)


def _about_place(model: Any, key: int) -> Pages:
    relationships = Relationship.objects.public().filter(partner=key)
    about = Q(places=key) | Q(relationships__in=relationships)
    programs = Program.objects.public().filter(relationships__in=relationships)
    return {
        model: Q(pk=key),
        Resolution: about,
        Statement: about,
        Program: Q(relationships__in=relationships),
        Exchange: Q(relationships__in=relationships) | Q(program__in=programs),
    }


def of_member(member: Member) -> Scope:
    """The member’s own page, and the resolutions sponsored, moved, seconded or voted on."""
    return Scope(_by_member, Member, member.pk)


def _by_member(model: Any, key: int) -> Pages:
    votes = Ballot.objects.public().filter(member=key).values("action")
    did = Action.objects.public().filter(Q(mover=key) | Q(seconder=key) | Q(pk__in=votes))
    return {
        model: Q(pk=key),
        Resolution: Q(sponsors=key) | Q(pk__in=did.values("resolution")),
    }


def of_organization(organization: Organization) -> Scope:
    """The body itself, its meetings and its resolutions."""
    return Scope(_of_organization, Organization, organization.pk)


def _of_organization(model: Any, key: int) -> Pages:
    theirs = Q(organization=key)
    return {model: Q(pk=key), Meeting: theirs, Resolution: theirs}


SCOPES: dict[str, tuple[Any, Callable[[Any], Scope]]] = {
    "city": (City, of_place),
    "resolution": (Resolution, of_page),
    "member": (Member, of_member),
    "organization": (Organization, of_organization),
}
"""What can be followed by itself, by what a question calls it."""


def asked(question: Mapping[str, str]) -> tuple[str, Any]:
    """Of which record changes are wanted: the scope, and the record if it is public."""
    for name, (model, __) in SCOPES.items():
        if slug := question.get(name):
            return name, model.objects.public().filter(slug=slug).first()
    return "", None


# --- the history, asked at once ----------------------------------------------------------


def versions(scope: Scope | None = None, kind: str = "") -> Any:
    """The public versions, newest first, for `told`: `Rows`, which are to be cut before."""
    if scope is None:
        return _prepared(None, None, kind).of()
    return _prepared(scope.pages, scope.model, kind).of(scope.key)


@cache
def _prepared(pages: Callable[[Any, int], Pages] | None, model: Any, kind: str) -> Prepared:
    """The question for the versions of a scope, or of all pages, with a place for the key."""
    return Prepared(lambda key: _asking(pages(model, key) if pages else None, kind))


def _asking(pages: Pages | None, kind: str) -> Any:
    """The versions of pages as a queryset."""
    shown = [subject for subject in SUBJECTS if pages is None or subject.page_model in pages]
    of = {subject: pages[subject.page_model] if pages else None for subject in shown}
    found = [_own(subject, wanted) for subject, wanted in of.items()]
    found += [
        _of_part(model, part_of, of[part_of]) for model, part_of in PARTS.values() if part_of in of
    ]
    if kind:
        found = [rows.filter(c_kind=kind) for rows in found]
    columns = [f"c_{name}" for name in _Row._fields]
    first, *rest = (rows.values_list(*columns) for rows in found)
    return first.union(*rest, all=True).order_by("-c_moment", "c_subject", "c_part", "-c_version")


def _own(subject: Subject, pages: Q | None) -> Any:
    """Versions of records: those of a published one, or the withdrawal."""
    history = subject.model.history
    rows = subject.rows(pages)
    public, withdrawn = Publication.PUBLISHED, Publication.WITHDRAWN
    earlier = history.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id"))
    is_news = Q(Exists(earlier.filter(publication=public)))
    is_news &= ~Q(Exists(earlier.filter(publication=withdrawn)))
    is_public = Q(publication=public, id__in=rows.filter(publication=public).values("pk"))
    is_withdrawn = Q(publication=withdrawn, id__in=rows.filter(publication=withdrawn).values("pk"))
    wanted = [is_public | is_withdrawn & is_news]
    for number, way in enumerate(subject.visible_through):
        since = _first_public(_at(subject.model, way), way)
        wanted.append(Q(history_date__gte=since))
        if subject.anchor and number == 0:
            wanted.append(Q(history_date__gte=_later(since)) | Q(publication=withdrawn))
    if subject.model is Agreement:
        wanted.append(Q(history_date__gte=_first_relationship()))
    return _columns(history.order_by().filter(*wanted), subject, "id", "", _kind(subject))


def _kind(subject: Subject) -> Case:
    """What kind of change a version is."""
    is_first = Q(history_date=_first_public(subject.model, "id"))
    kinds = [When(publication=Publication.WITHDRAWN, then=Value(WITHDRAWN))]
    if subject.corrects:
        is_correction = is_first & Q(**{subject.what: subject.corrects})
        kinds.append(When(is_correction, then=Value(CORRECTED)))
    kinds.append(When(is_first, then=Value(PUBLISHED)))
    return Case(*kinds, default=Value(CHANGED), output_field=TextField())


def _of_part(model: Any, subject: Subject, pages: Q | None) -> Any:
    """Versions of what stands under a published record, since visitors can read it."""
    above, *others = model.parents
    public = subject.rows(pages).filter(publication=Publication.PUBLISHED)
    since = _later(_first_public(subject.model, above))
    wanted = [Q(**{f"{above}__in": public.values("pk")}), Q(history_date__gte=since)]
    for name in others:
        other = _at(model, name)
        wanted.append(Q(**{f"{name}__in": other.objects.public().values("pk")}))
        wanted.append(Q(history_date__gte=_first_public(other, name)))
    for way in subject.visible_through:
        opened = _first_public(_at(subject.model, way), f"{above}__{way}")
        wanted.append(Q(history_date__gte=opened))
    found = model.history.order_by().filter(*wanted)
    kind = Value(CHANGED, output_field=TextField())
    return _columns(found, subject, f"{above}_id", model._meta.label_lower, kind)


def _at(model: Any, way: str) -> Any:
    """The model at the end of a way."""
    for name in way.split("__"):
        model = model._meta.get_field(name).related_model
    return model


def _first_public(model: Any, outer: str) -> Subquery:
    """When a record was first published."""
    public = model.history.filter(id=OuterRef(outer)).exclude(publication=Publication.DRAFT)
    return _earliest(public)


def _first_relationship() -> Subquery:
    """When the first of an agreement’s ties was published."""
    relationships = Relationship.objects.public().filter(agreements=OuterRef(OuterRef("id")))
    public = Relationship.history.filter(id__in=relationships.values("pk"))
    return _earliest(public.exclude(publication=Publication.DRAFT))


def _earliest(rows: Any) -> Subquery:
    first = (
        rows.order_by().annotate(c_all=Value(1)).values("c_all").annotate(c=Min("history_date"))
    )
    return Subquery(first.values("c")[:1])


def _later(moment: Subquery) -> ExpressionWrapper:
    return ExpressionWrapper(moment + AT_ONCE, output_field=DateTimeField())


def _columns(found: Any, subject: Subject, pk: str, part: str, kind: Any) -> Any:
    """The columns of a `_Row`; a record has fields of some of these names, hence the prefix."""
    text = TextField()
    groups = get_user_model().groups.through.objects.filter(  # type: ignore[attr-defined]
        user=OuterRef("history_user_id"), group__name__in=OFFICES
    )
    reason: Any = Coalesce(Cast("history_change_reason", text), Value("", text))
    if not part:
        withdrawn = When(publication=Publication.WITHDRAWN, then=Cast("withdrawn_because", text))
        reason = Case(withdrawn, default=reason, output_field=text)
    office = groups.order_by("group__name").values("group__name")[:1]
    return found.annotate(
        c_subject=Value(subject.label, text),
        c_pk=F(pk),
        c_part=Value(part, text),
        c_version=F("history_id"),
        c_moment=F("history_date"),
        c_kind=kind,
        c_step=Cast("history_type", text),
        c_reason=reason,
        c_office=Coalesce(Subquery(office, output_field=text), Value("", text)),
        c_is_by_somebody=Case(
            When(history_user_id__isnull=False, then=1), default=0, output_field=IntegerField()
        ),
    )


# --- in words ---------------------------------------------------------------------------


def told(rows: Iterable[Iterable]) -> list[Change]:
    """The changes in words; rows of one record that were saved at once are one change."""
    groups = _groups(rows)
    known = _known({(group[0].subject, group[0].pk) for group in groups})
    named = ((group, known.get((group[0].subject, group[0].pk))) for group in groups)
    return [_change(group, record) for group, record in named if record]


def last(record: Any) -> Change | None:
    """The newest change of what the page of a record shows, with one query: without names."""
    groups = _groups(versions(of_page(record))[:MOST_AT_ONCE])
    return _change(groups[0], None) if groups else None


def _groups(rows: Iterable[Iterable]) -> list[list[_Row]]:
    groups: list[list[_Row]] = []
    newest: dict[tuple[str, int], list[_Row]] = {}
    for row in map(_Row._make, rows):
        group = newest.get((row.subject, row.pk))
        if group is None or group[-1].moment - row.moment > AT_ONCE:
            group = newest[row.subject, row.pk] = []
            groups.append(group)
        group.append(row)
    return groups


def _kept(label: str) -> str:
    """The label of a kind of record as feeds have known it from the beginning."""
    return label.replace("exchanges.program", "exchanges.programme")


def _change(group: list[_Row], known: Known | None) -> Change:
    main = min(group, key=lambda row: (_FIRST_IS_SAID.index(row.kind), bool(row.part)))
    reason = next((row.reason for row in group if row.reason.strip() and not row.part), "")
    office = next((row.office for row in group if row.office), "")
    subject = BY_LABEL[main.subject]
    # A page that was withdrawn keeps its name to itself.
    is_named = known is not None and (main.kind != WITHDRAWN or known.is_page_public)
    noun = subject.noun(known) if known else ""
    return Change(
        key=f"{_kept(main.subject)}/{main.pk}/{_kept(main.part)}/{main.version}",
        moment=group[0].moment,
        kind=main.kind,
        record=subject.name(known) if known and is_named else "",
        what=_what(group, noun) if main.part else noun,
        address=subject.address(known) if known else "",
        office=_office(office, any(row.is_by_somebody for row in group)),
        why=_why(reason, main.kind),
        language=known.language if known and is_named else "",
    )


def _what(group: list[_Row], noun: str) -> str:
    """Which parts of a record changed: “place (name, succession)”."""
    names = (str(PARTS[row.part][0]._meta.verbose_name) for row in group if row.part)
    return _("%(noun)s (%(parts)s)") % {"noun": noun, "parts": ", ".join(dict.fromkeys(names))}


def _office(name: str, is_by_somebody: bool) -> str:
    if name:
        return str(OFFICES[name])
    return _("those who keep the register") if is_by_somebody else ""


def _why(reason: str, kind: str) -> str:
    """The reason as visitors read it; that of a file, and of publishing, is none."""
    if reason.startswith(FROM_FILES):
        return _("Loaded from the register’s files.")
    return "" if kind in (PUBLISHED, CORRECTED) else reason.strip()


def newest_of_pages() -> dict[tuple[Any, str], datetime]:
    """When each page last changed, by its kind of record and its slug; with two queries."""
    newest: dict[tuple[str, int], datetime] = {}
    for row in map(_Row._make, versions()):
        newest.setdefault((row.subject, row.pk), row.moment)
    pages: dict[tuple[Any, str], datetime] = {}
    for known in _read([_known_of(subject, subject.rows()) for subject in SUBJECTS]):
        moment = newest.get((known.subject, known.pk))
        page = BY_LABEL[known.subject].page_model, known.slug
        if moment is not None:
            pages[page] = max(moment, pages.get(page, moment))
    return pages


def _known(wanted: set[tuple[str, int]]) -> dict[tuple[str, int], Known]:
    """The records in as many words as are needed, with one query."""
    by_subject: dict[Subject, list[int]] = {}
    for label, pk in sorted(wanted):
        by_subject.setdefault(BY_LABEL[label], []).append(pk)
    known = _read(
        [
            _known_of(subject, subject.rows().filter(pk__in=pks))
            for subject, pks in by_subject.items()
        ]
    )
    # An agreement has a page for each of its ties: the first by name is told.
    return {(one.subject, one.pk): one for one in reversed(known)}


def _read(queries: list[Any]) -> list[Known]:
    if not queries:
        return []
    first, *rest = queries
    rows = first.union(*rest, all=True).order_by("c_subject", "c_pk", "c_title", "c_slug")
    return [Known(*row) for row in rows]


def _known_of(subject: Subject, records: Any) -> Any:
    text = TextField()
    empty = Value("", text)
    return (
        records.order_by()
        .annotate(
            c_subject=Value(subject.label, text),
            c_pk=F("pk"),
            c_slug=Cast(subject.way("slug"), text),
            c_title=Cast(subject.way(subject.title), text),
            c_dated=Coalesce(Cast(subject.way(subject.dated), text), empty)
            if subject.dated
            else empty,
            # Told its type: a union of NULLs alone is text to PostgreSQL.
            c_number=Cast(
                F(subject.number) if subject.number else Value(None), output_field=IntegerField()
            ),
            c_what=Cast(subject.what, text) if subject.what else empty,
            c_language=Cast(subject.way(subject.language), text) if subject.language else empty,
            c_is_page_public=Case(
                When(**{subject.way("publication"): Publication.PUBLISHED}, then=1),
                default=0,
                output_field=IntegerField(),
            ),
        )
        .values_list(
            "c_subject",
            "c_pk",
            "c_slug",
            "c_title",
            "c_dated",
            "c_number",
            "c_what",
            "c_language",
            "c_is_page_public",
        )
    )
