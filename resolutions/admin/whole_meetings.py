"""All forms of the page for a whole meeting, recorded together or not at all."""

import re
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.functional import cached_property
from django.utils.timezone import localdate
from django.utils.translation import gettext

from cities.models import Organization, Source
from cities.models.organizations import Classification
from cities.records.dates import RecordDate
from cities.records.publishing import Publication
from resolutions.admin.agenda_forms import ITEMS_PER_PAGE, AgendaFormSet
from resolutions.admin.base import home_council_among
from resolutions.admin.chambers import Chamber
from resolutions.admin.draft_forms import show_as_entered
from resolutions.admin.whole_meeting_forms import (
    VOTE_OF,
    AttendanceForm,
    MeetingFactsForm,
    NewSourceForm,
    SourceOnRecordForm,
)
from resolutions.models import Meeting, Roster
from resolutions.models.attendance import Presence
from resolutions.rolls import record_attendance, roll_to_call

COUNCILS = (Classification.COUNCIL, Classification.COMMISSION)
SAID_OF_A_MEETING = ("kind", "begins_at", "held_at", "presided_by", "note")


class _RefusedError(Exception):
    """A rule refuses something, and a form says what."""


@dataclass(frozen=True)
class Problem:
    """What is wrong, and where: in the field or the part of the page at an anchor."""

    anchor: str
    label: str
    sentence: str


class WholeMeeting:
    """What the page shows, and what it records.

    `visible` returns the records of a model that the user may see; `is_longer` adds an empty
    item below those that were sent. `meeting` is one on record, to which items are added. If
    `may_publish` is false, what the public reads of that meeting is left as it is.
    """

    def __init__(
        self,
        data: Any,
        files: Any,
        *,
        visible: Callable[[Any], QuerySet],
        is_longer: bool = False,
        meeting: Meeting | None = None,
        may_publish: bool = True,
    ) -> None:
        self.visible, self.on_record = visible, meeting
        self.leaves_meeting = meeting is not None and meeting.is_published and not may_publish
        self.data: Any = None if data is None else data.copy()
        if is_longer:
            self._add_item()
        self.facts = self._facts()
        council, day = self.facts.council, self.facts.day
        self.roster = self._roster(council, day)
        self.roll = roll_to_call(self.roster, {}, day.earliest) if council and day else []
        self.usual = self._usual_presences()
        self.has_other_members = self._take_in_members()
        self.attendance = AttendanceForm(self.data, roll=self.roll, usual=self.usual)
        self.source = SourceOnRecordForm(self.data, visible(Source))
        self.new_source = NewSourceForm(self.data, files)
        chamber = Chamber.of(visible, council, day, self.roster, self.roll)
        self.agenda = AgendaFormSet(self.data, chamber=chamber)
        self.meeting: Meeting | None = None
        self.existing: Meeting | None = None
        """Another meeting of the same organization on the same day, if one is in the way."""
        self.was_recorded = False
        """Whether the very same is on record already: the page was sent twice."""
        self.made: list[Any] = []

    # --- with what it begins ---

    def _facts(self) -> MeetingFactsForm:
        if self.on_record is not None:
            return MeetingFactsForm.of(self.on_record, self.data)
        return MeetingFactsForm(
            self.data, organizations=self._organizations, initial=self._initial()
        )

    def _usual_presences(self) -> dict[int, str]:
        """Return with which presence each row begins: as it is on record, or as is likely."""
        usual = {
            called.member.pk: Presence.PRESENT.value if called.is_certain else ""
            for called in self.roll
        }
        listed = self.on_record.attendance.all() if self.on_record else ()
        return usual | {row.member_id: row.presence for row in listed if row.member_id in usual}

    @cached_property
    def _organizations(self) -> list[Organization]:
        met = Meeting._base_manager.order_by().values("organization")
        rows = self.visible(Organization).exclude(publication=Publication.WITHDRAWN)
        return list(rows.filter(Q(classification__in=COUNCILS) | Q(pk__in=met)))

    def _initial(self) -> dict[str, Any]:
        """Return the usual council, as it met last; the day is never guessed."""
        meetings = self.visible(Meeting).exclude(publication=Publication.WITHDRAWN)
        home = home_council_among(self._organizations)
        usual = home or self._newest(meetings)
        today = RecordDate.parse(localdate().isoformat())
        if usual is None:
            return {"shown_on": today}
        last = meetings.filter(organization=usual).first()
        as_last = {name: getattr(last, name) for name in ("kind", "begins_at", "held_at") if last}
        key = usual.pk
        return {"organization": key, "shown_organization": key, "shown_on": today, **as_last}

    def _newest(self, meetings: QuerySet) -> Organization | None:
        """Return the organization of the newest meeting on record."""
        newest = meetings.order_by("-pk").values_list("organization", flat=True).first()
        return next((one for one in self._organizations if one.pk == newest), None)

    @staticmethod
    def _roster(council: Organization | None, day: Any) -> Roster:
        if council is None or day is None:
            return Roster(None, [], [])
        return Roster.of(council, day.earliest, day.latest or day.earliest)

    # --- what was sent ---

    def _take_in_members(self) -> bool:
        """Let the rolls follow the attendance. Return whether other members have to be shown.

        Who was not shown yet begins as is usual. A vote that stands as it began follows a
        change of the attendance; one that somebody chose stays.
        """
        if self.data is None:
            votes_of = {pk: VOTE_OF[presence] for pk, presence in self.usual.items()}
            self.roll = [replace(one, preset=votes_of[one.member.pk]) for one in self.roll]
            return False
        items = {key.split("-")[1] for key in self.data if re.match(r"items-\d+-kind\Z", key)}
        shown = {key for key in self.data if re.match(r"attendance-at_\d+\Z", key)}
        is_new = False
        followed = []
        for called in self.roll:
            at, was = (f"attendance-{name}_{called.member.pk}" for name in ("at", "was"))
            votes = [f"items-{item}-vote_{called.member.pk}" for item in items]
            if at not in self.data:
                is_new = is_new or called.is_certain
                self.data[at] = self.data[was] = self.usual[called.member.pk]
                self.data.update(dict.fromkeys(votes, VOTE_OF[self.data[at]]))
            shown.discard(at)
            presence, before = self.data[at], self.data.get(was, "")
            vote = VOTE_OF.get(presence, "")
            for name in votes:
                if presence != before and self.data.get(name, "") == VOTE_OF.get(before):
                    self.data[name] = vote
            self.data[was] = presence if presence in VOTE_OF else ""
            followed.append(replace(called, preset=vote))
        self.roll = followed
        council, day = self.facts.council, self.facts.day
        self.data["shown_organization"] = str(council.pk) if council else ""
        self.data["shown_on"] = day.edtf if day else ""
        return is_new or bool(shown)

    def _add_item(self) -> None:
        total = self.data.get("items-TOTAL_FORMS", "")
        if total.isdecimal() and int(total[:3]) < ITEMS_PER_PAGE:
            self.data["items-TOTAL_FORMS"] = str(int(total[:3]) + 1)

    def show_again(self, filled_in: str = "") -> None:
        """Show what was entered, and check nothing yet.

        `filled_in` is the item whose votes are filled in from the minutes.
        """
        for form in (self.facts, self.source, self.new_source, self.attendance):
            show_as_entered(form)
        for item in self.agenda.forms:
            if item.prefix == filled_in:
                item.fill_in()
            else:
                item.show_again()
        self.agenda.is_bound = False

    # --- what is wrong ---

    def _is_valid(self) -> bool:
        parts = (self.facts, self.source, self.new_source, self.attendance, self.agenda)
        checked = [part.is_valid() for part in parts]  # each says what is wrong with it
        is_valid = all(checked)
        if self.has_other_members:
            sentence = gettext(
                "Other members were in office on that day. They are shown now: check who was"
                " present and how they voted, then save again."
            )
            self.facts.add_error("on", sentence)
        if is_valid and self.source.cleaned_data["source"] and self.new_source.has_changed():
            sentence = gettext("Choose a source on record or enter a new one, but not both.")
            self.source.add_error("source", sentence)
        return is_valid and not self.facts.errors and not self.source.errors

    @property
    def problems(self) -> list[Problem]:
        """Everything that is wrong, in the order of the page."""
        found = [*_problems("meeting", "", self.facts), *_problems("sources", "", self.source)]
        found += _problems("sources", "", self.new_source)
        found += _problems("attendance", gettext("Attendance"), self.attendance)
        found += [Problem("agenda", "", str(each)) for each in self.agenda.non_form_errors()]
        for item in self.agenda.forms:
            name = item.title
            for form in (item.new, item):
                found += _problems(f"item-{item.number}", name, form)
        return found

    # --- recording ---

    def record(self) -> bool:
        """Return whether all is recorded; if not, nothing is, and the forms say why."""
        if not self._is_valid():
            return False
        try:
            with transaction.atomic():
                self._record()
        except _RefusedError:
            self._remove_document()
            self.made = []
            return False
        return True

    def _record(self) -> None:
        organization = self.facts.cleaned_data["organization"]
        # The second of two who send the same page waits here for the first.
        Organization._base_manager.select_for_update(no_key=True).get(pk=organization.pk)
        if self._is_on_record():
            return
        self._refuse_what_is_decided()
        meeting = self.on_record or _or_refuse(self.facts, self.facts.record)
        source = self._record_source(meeting)
        _or_refuse(self.attendance, lambda: self._record_attendance(meeting))
        self.made = [source] if self.new_source.has_changed() else []
        if meeting.is_draft:
            self.made.append(meeting)
        self.meeting = meeting
        is_refused, vote = False, None
        for item in self.agenda.items:
            if item.cleaned_data["same_vote"] and vote is None:
                continue  # the item above is refused, and this one with it
            try:
                with transaction.atomic():
                    action, made = item.record(meeting, source, vote)
            except ValidationError:
                is_refused, vote = True, None
            else:
                vote = action.vote
                self.made += made
        if is_refused:
            raise _RefusedError

    def _refuse_what_is_decided(self) -> None:
        """Let nobody decide by an old page what was decided after it was opened."""
        decided = [item for item in self.agenda.items if item.decided_meanwhile is not None]
        for item in decided:
            sentence = gettext(
                "A decision on this resolution is on record already. If there was another one,"
                " search for the resolution and choose it again."
            )
            item.add_error("resolution", sentence)
        if decided:
            raise _RefusedError

    def _record_attendance(self, meeting: Meeting) -> None:
        """Raise `ValidationError` for a change of what only others may publish."""
        entered = self._presences(meeting)
        if not self.leaves_meeting:
            record_attendance(meeting, entered)
        elif any(row.presence != entered.get(row.member) for row in _listed(meeting, entered)):
            raise ValidationError(
                gettext(
                    "The attendance of this meeting is public. Change it in the form of the"
                    " meeting: somebody who may publish looks at it first."
                )
            )

    def _presences(self, meeting: Meeting) -> dict[Any, str]:
        """Return what is entered of each member; of a meeting that is left as it is, of those
        who are listed there."""
        entered = self.attendance.presences
        if self.leaves_meeting:
            listed = {row.member for row in _listed(meeting, entered)}
            entered = {member: at for member, at in entered.items() if member in listed}
        return entered

    def _record_source(self, meeting: Meeting) -> Source | None:
        source: Source | None = self.source.cleaned_data["source"]
        if self.new_source.has_changed():
            source = _or_refuse(self.new_source, lambda: self.new_source.record_of(meeting))
        if source is None or self.leaves_meeting:
            return source
        if meeting.is_draft or source.is_published:
            meeting.sources.add(source)
        return source

    def _remove_document(self) -> None:
        """Remove the document that was kept for a source that is not on record after all."""
        document = self.new_source.instance.document
        if document and document._committed:
            document.storage.delete(document.name)

    def _is_on_record(self) -> bool:
        """Return whether the page was sent before. Refuse another meeting of the same day."""
        if self.on_record is not None:
            self.meeting, self.was_recorded = self.on_record, self._says_the_same(self.on_record)
            return self.was_recorded
        cleaned = self.facts.cleaned_data
        same_day = self.visible(Meeting).exclude(publication=Publication.WITHDRAWN)
        same_day = same_day.filter(organization=cleaned["organization"], on=cleaned["on"])
        for meeting in same_day:
            if self._says_the_same(meeting):
                self.meeting, self.was_recorded = meeting, True
                return True
        if cleaned["is_another"]:
            return False
        self.existing = same_day.first()
        if self.existing is not None:
            sentence = gettext(
                "A meeting of that day is already on record. Open that one, or say below that"
                " this was another meeting."
            )
            self.facts.add_error("on", sentence)
            raise _RefusedError
        return False

    def _says_the_same(self, meeting: Meeting) -> bool:
        facts = self.facts.instance
        if any(getattr(meeting, name) != getattr(facts, name) for name in SAID_OF_A_MEETING):
            return False
        listed = {row.member_id: row.presence for row in meeting.attendance.all()}
        entered = {member.pk: at for member, at in self._presences(meeting).items()}
        if listed | entered != (listed if self.on_record else entered):
            return False
        actions = meeting.actions.exclude(publication=Publication.WITHDRAWN).order_by("pk")
        recorded = list(actions.select_related("resolution", "text"))
        items = self.agenda.items
        if self.on_record is not None:
            recorded = recorded[-len(items) :]
        return len(recorded) == len(items) and all(
            item.is_recorded_in(action) for item, action in zip(items, recorded, strict=True)
        )


def _problems(anchor: str, part: str, form: Any) -> Iterator[Problem]:
    """Yield what is wrong with a form; what belongs to no field, at the part of the page."""
    for sentence in form.non_field_errors():
        yield Problem(anchor, part, sentence)
    for field in form.visible_fields():
        for sentence in field.errors:
            label = f"{part}, {field.label}" if part else field.label
            yield Problem(field.auto_id, label, sentence)


def _or_refuse(form: Any, record: Callable[[], Any]) -> Any:
    """Record something; if a rule refuses it, let the form say so."""
    try:
        return record()
    except ValidationError as error:
        known = hasattr(error, "error_dict") and hasattr(form, "_meta")
        form.add_error(None, error if known else error.messages)
        raise _RefusedError from None


def _listed(meeting: Meeting, members: Container[Any]) -> list[Any]:
    """Return the attendance on record of those of the members who are listed."""
    rows = meeting.attendance.select_related("member")
    return [row for row in rows if row.member in members]
