"""Change sets: what people prepare together, and how far it is on its way to the public.

A set names the records that it changes and says what is to be done with each. It is released all
at once by `cities.records.releasing`, and never changes from then on: see ADR 0014.
"""

from collections.abc import Collection, Iterable
from typing import Any, Self

from django.apps import apps
from django.conf import settings
from django.core.validators import ProhibitNullCharactersValidator
from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from cities.records.constraints import choices_constraint
from cities.records.whole import with_links

NAME_LENGTH = 200
LABEL_LENGTH = 300
REASON_LENGTH = 2000
NOTE_LENGTH = 2000


class SetState(models.TextChoices):
    """How far a change set is on its way to the public."""

    OPEN = "open", _("In preparation")
    SUBMITTED = "submitted", _("Waiting for review")
    SENT_BACK = "sent_back", _("Sent back")
    SCHEDULED = "scheduled", _("Scheduled")
    RELEASED = "released", _("Published")
    DROPPED = "dropped", _("Dropped")


SETTLED = (SetState.RELEASED, SetState.DROPPED)
"""The states in which a set never changes again."""


class Deed(models.TextChoices):
    """What is to be done with a record."""

    PUBLISH = "publish", _("Publish")
    CORRECT = "correct", _("Correct")
    EDIT = "edit", _("Change")
    WITHDRAW = "withdraw", _("Withdraw")
    RESTORE = "restore", _("Restore")


OF_PUBLISHED = (Deed.EDIT, Deed.WITHDRAW, Deed.RESTORE)
"""What is done with records that are or were public: refused if one has changed meanwhile."""


class ChangeSetQuerySet(models.QuerySet):
    def unsettled(self) -> Self:
        """Filter to the sets that are neither released nor dropped."""
        return self.exclude(state__in=SETTLED)

    def naming(self, kind: str, object_ids: Collection[int]) -> Self:
        """Filter to the sets that change one of these records."""
        changes = ProposedChange.objects.filter(kind=kind, object_id__in=object_ids)
        return self.filter(pk__in=changes.values("change_set"))

    def without_kinds(self, kinds: Iterable[str]) -> Self:
        """Filter to the sets that change no record of these kinds."""
        changes = ProposedChange.objects.filter(kind__in=list(kinds))
        return self.exclude(pk__in=changes.values("change_set"))


class ChangeSet(models.Model):
    """Changes that somebody prepares, and that become public together or not at all."""

    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    reason = models.CharField(
        _("reason"),
        max_length=REASON_LENGTH,
        blank=True,
        validators=[ProhibitNullCharactersValidator()],
    )
    state = models.CharField(
        _("state"), max_length=10, choices=SetState, default=SetState.OPEN, editable=False
    )
    author: Any = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,  # who prepared a change stays on record
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("prepared by"),
    )
    begun_at = models.DateTimeField(_("begun"), default=now, editable=False)
    submitted_at = models.DateTimeField(_("sent for review"), null=True, editable=False)
    reviewer: Any = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("sent back by"),
    )
    note = models.CharField(
        _("what is to be changed first"),
        max_length=NOTE_LENGTH,
        blank=True,
        editable=False,
        validators=[ProhibitNullCharactersValidator()],
    )
    alone_because = models.CharField(
        _("why nobody else looked at it"),
        max_length=REASON_LENGTH,
        blank=True,
        editable=False,
        validators=[ProhibitNullCharactersValidator()],
    )
    """Why its author publishes a kind that a second person looks at; see `second_person`."""
    scheduled_for = models.DateTimeField(_("to be published"), null=True, editable=False)
    scheduled_by: Any = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("scheduled by"),
    )
    scheduled_as = models.CharField(max_length=64, blank=True, editable=False)
    """What was in it when it was scheduled: `cities.records.releasing.fingerprint`."""
    settled_at = models.DateTimeField(_("published or dropped"), null=True, editable=False)
    settled_by: Any = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,  # the shell and the clock are nobody
        editable=False,
        related_name="+",
        verbose_name=_("published or dropped by"),
    )

    undoes: Any = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="undone_by",
        verbose_name=_("takes back"),
    )

    objects = ChangeSetQuerySet.as_manager()

    class Meta:
        verbose_name = _("change set")
        verbose_name_plural = _("change sets")
        default_permissions = ()  # a set is as visible as the records in it
        ordering = ["-begun_at", "-pk"]
        constraints = [
            choices_constraint(
                "cities_changeset_state_known", _("Choose a state."), state=SetState
            ),
            models.CheckConstraint(
                condition=~Q(state=SetState.SUBMITTED) | Q(submitted_at__isnull=False),
                name="cities_changeset_submitted_with_the_moment",
                violation_error_message=_("Enter when it was sent for review."),
            ),
            models.CheckConstraint(
                condition=~Q(state=SetState.SENT_BACK) | (Q(reviewer__isnull=False) & ~Q(note="")),
                name="cities_changeset_sent_back_with_a_note",
                violation_error_message=_("Say what is to be changed first."),
            ),
            models.CheckConstraint(
                condition=~Q(state=SetState.SCHEDULED)
                | (
                    Q(scheduled_for__isnull=False, scheduled_by__isnull=False)
                    & ~Q(scheduled_as="")
                ),
                name="cities_changeset_scheduled_with_the_moment",
                violation_error_message=_("Enter when it is to be published."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=SETTLED, settled_at__isnull=False)
                | (~Q(state__in=SETTLED) & Q(settled_at__isnull=True, settled_by__isnull=True)),
                name="cities_changeset_settled_with_the_moment",
                violation_error_message=_("Enter when it was published or dropped."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_settled(self) -> bool:
        return self.state in SETTLED

    @property
    def is_released(self) -> bool:
        return self.state == SetState.RELEASED


class ProposedChange(models.Model):
    """One record in a change set, and what is to be done with it."""

    change_set = models.ForeignKey(ChangeSet, models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=60)
    """The label of the model of the record."""
    object_id = models.BigIntegerField()
    deed = models.CharField(max_length=10, choices=Deed)
    replaces = models.BigIntegerField(null=True)
    """The key of the record that is withdrawn as this one takes its place."""
    label = models.CharField(max_length=LABEL_LENGTH)
    """What the record was called when it came into the set: a draft may be gone since."""
    input = models.JSONField(default=list)
    """What was sent of the form of a published record: names and values, in their order."""
    uploads = models.JSONField(default=list)
    """The files sent with it: the name of the field, of the file, and where it is kept."""
    form = models.CharField(max_length=64, blank=True)
    """A digest of the names of the fields of that form."""
    base = models.BigIntegerField(null=True)
    """The key of the row of history that was the newest when the change was prepared."""
    restores = models.BigIntegerField(null=True)
    """The key of the row of history that says again what the record says."""
    version = models.BigIntegerField(null=True)
    """The key of the row of history that the release made; it never changes from then on."""

    class Meta:
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["change_set", "kind", "object_id"],
                name="cities_proposedchange_once_per_record",
            ),
            choices_constraint(
                "cities_proposedchange_deed_known", _("Choose what is to be done."), deed=Deed
            ),
            models.CheckConstraint(
                condition=Q(deed=Deed.CORRECT, replaces__isnull=False)
                | (~Q(deed=Deed.CORRECT) & Q(replaces__isnull=True)),
                name="cities_proposedchange_correction_replaces_a_record",
                violation_error_message=_("Only a correction replaces a record."),
            ),
            models.CheckConstraint(
                condition=(Q(deed=Deed.EDIT) & ~Q(form=""))
                | (~Q(deed=Deed.EDIT) & Q(form="", input=[], uploads=[])),
                name="cities_proposedchange_edit_with_its_form",
                violation_error_message=_("Only an edit has the input of a form."),
            ),
            models.CheckConstraint(
                condition=Q(deed__in=OF_PUBLISHED, base__isnull=False)
                | (~Q(deed__in=OF_PUBLISHED) & Q(base__isnull=True)),
                name="cities_proposedchange_of_published_with_its_base",
                violation_error_message=_("Name the version from which the change started."),
            ),
            models.CheckConstraint(
                condition=Q(deed=Deed.RESTORE, restores__isnull=False)
                | (~Q(deed=Deed.RESTORE) & Q(restores__isnull=True)),
                name="cities_proposedchange_restores_a_version",
                violation_error_message=_("Name the version to bring back."),
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "object_id"], name="cities_proposedchange_record"),
            models.Index(fields=["kind", "version"], name="cities_proposedchange_version"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def model(self) -> Any:
        return apps.get_model(self.kind)


def kind_of(record: Any) -> str:
    """Return the kind of a record, as sets name it."""
    return record._meta.label_lower


def change_of(record: Any, deed: Deed, **more: Any) -> ProposedChange:
    """Return a change of a record that is in no set yet, unless `more` names one."""
    label = str(record)[:LABEL_LENGTH]
    return ProposedChange(
        kind=kind_of(record), object_id=record.pk, deed=deed, label=label, **more
    )


def take_in(change_set: ChangeSet, drafts: Iterable[Any]) -> None:
    """Add drafts to a set, if they are not in it yet."""
    known = set(change_set.changes.values_list("kind", "object_id"))
    ProposedChange.objects.bulk_create(
        change_of(draft, Deed.PUBLISH, change_set=change_set)
        for draft in drafts
        if (kind_of(draft), draft.pk) not in known
    )


def rows_of(
    changes: Iterable[ProposedChange], *, and_named: bool = False
) -> dict[tuple[str, int], Any]:
    """Return the records of changes as they are stored, by kind and key; some may be gone.

    With those they name, each has the records that its own fields name.
    """
    wanted: dict[str, set[int]] = {}
    for change in changes:
        wanted.setdefault(change.kind, set()).add(change.object_id)
    found: dict[tuple[str, int], Any] = {}
    for kind, pks in wanted.items():
        rows = apps.get_model(kind)._base_manager.all()
        if and_named:
            rows = with_links(rows)
        found |= {(kind, pk): row for pk, row in rows.in_bulk(pks).items()}
    return found


def reasons_of(kind: str, versions: Iterable[int | None]) -> dict[int | None, str]:
    """Return the reason of the set that made each of these versions, where a set made it."""
    made = ProposedChange.objects.filter(kind=kind, version__in=set(versions) - {None})
    return dict(made.values_list("version", "change_set__reason"))
