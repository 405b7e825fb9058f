"""`RecordDate` in a model and in a form."""

from datetime import date

import pytest
from django import forms
from django.core import serializers
from django.core.exceptions import FieldError, ValidationError
from django.db import IntegrityError, models, transaction

from cities.models import City, Entry, Source
from cities.records.dates import ACCEPTED_FORMS, USUAL_FORMS, RecordDate
from cities.records.fields import BoundField, RecordDateField, RecordDateFormField, date_on_record
from tests.factories import make_city, make_entry, make_relationship, make_source

pytestmark = pytest.mark.django_db

BOUNDS = ("dated", "dated_earliest", "dated_latest")


def in_database(source: Source) -> tuple:
    """The three columns as the database holds them."""
    return (
        Source.objects.annotate(
            text=models.functions.Cast("dated", models.CharField(max_length=120))
        )
        .values_list("text", "dated_earliest", "dated_latest")
        .get(pk=source.pk)
    )


@pytest.mark.parametrize(
    ("dated", "columns"),
    [
        ("1968", ("1968", date(1968, 1, 1), date(1968, 12, 31))),
        ("2013-08", ("2013-08", date(2013, 8, 1), date(2013, 8, 31))),
        ("1994~", ("1994~", date(1994, 1, 1), date(1994, 12, 31))),
        ("1997/..", ("1997/..", date(1997, 1, 1), None)),
        ("[..1984]", ("[..1984]", None, date(1984, 12, 31))),
        (RecordDate.parse("2013-08-19"), ("2013-08-19", date(2013, 8, 19), date(2013, 8, 19))),
        (" 2013-08-19 ", ("2013-08-19", date(2013, 8, 19), date(2013, 8, 19))),
        ("", (None, None, None)),
        (None, (None, None, None)),
    ],
)
def test_date_is_saved_with_its_bounds_and_loaded_again(dated, columns):
    source = make_source(dated=dated)

    assert in_database(source) == columns
    loaded = Source.objects.get()
    assert loaded.dated == source.dated == (RecordDate.parse(columns[0]) if columns[0] else None)
    assert (loaded.dated_earliest, loaded.dated_latest) == columns[1:]


def test_bounds_follow_every_change_of_the_text():
    source = make_source(dated="1968")

    source.dated = "2013-08"
    assert (source.dated_earliest, source.dated_latest) == (date(2013, 8, 1), date(2013, 8, 31))
    source.save()
    assert in_database(source) == ("2013-08", date(2013, 8, 1), date(2013, 8, 31))

    source.dated = None
    source.save()
    assert in_database(source) == (None, None, None)


def test_bounds_cannot_be_set_apart_from_the_text():
    source = make_source(dated="1968")

    source.dated_earliest = date(2000, 1, 1)
    source.save()

    assert in_database(source) == ("1968", date(1968, 1, 1), date(1968, 12, 31))


def test_dates_sort_and_filter_by_their_bounds_in_the_database():
    for dated in ("2013-08-19", "2013", "1968", "[2013-08-12,2013-08-19]", None):
        make_source(dated=dated, title=dated or "no date")
    by_first_day = Source.objects.filter(dated__isnull=False).order_by("dated_earliest", "title")

    assert [source.title for source in by_first_day] == [
        "1968",
        "2013",
        "[2013-08-12,2013-08-19]",
        "2013-08-19",
    ]
    assert [source.title for source in by_first_day.filter(dated_latest__lt="2013-12-31")] == [
        "1968",
        "[2013-08-12,2013-08-19]",
        "2013-08-19",
    ]
    assert [source.title for source in by_first_day.filter(dated="1968")] == ["1968"]
    assert [
        source.title
        for source in by_first_day.filter(dated__in=["1968", RecordDate.parse("2013")])
    ] == ["1968", "2013"]
    assert [source.title for source in Source.objects.filter(dated=None)] == ["no date"]


def test_deferred_date_and_bounds_are_fetched_when_read(django_assert_num_queries):
    make_source(dated="2013-08")

    with django_assert_num_queries(2):
        source = Source.objects.defer("dated").get()
        assert source.dated_earliest == date(2013, 8, 1)
        assert source.dated == RecordDate.parse("2013-08")
    with django_assert_num_queries(1):
        source = Source.objects.only("dated").get()
        assert (source.dated_earliest, source.dated_latest) == (
            date(2013, 8, 1),
            date(2013, 8, 31),
        )
    with django_assert_num_queries(2):
        source = Source.objects.only("dated_earliest").get()
        assert source.dated_earliest == date(2013, 8, 1)


@pytest.mark.parametrize(
    "loaded",
    [
        Source.objects.only("dated"),
        Source.objects.only("title"),
        Source.objects.defer("dated"),
        Source.objects.defer("dated_earliest", "dated_latest"),
    ],
    ids=["only date", "only title", "date deferred", "bounds deferred"],
)
def test_bounds_are_saved_with_the_text_though_they_were_deferred(loaded):
    make_source(dated="1968")

    source = loaded.get()
    source.dated = "2013-08"
    source.save()

    assert in_database(source) == ("2013-08", date(2013, 8, 1), date(2013, 8, 31))


def test_saving_without_reading_a_deferred_date_keeps_it(django_assert_num_queries):
    make_source(dated="1968")

    source = Source.objects.defer(*BOUNDS).get()
    source.title = "Renamed"
    source.save()

    assert in_database(source) == ("1968", date(1968, 1, 1), date(1968, 12, 31))


@pytest.mark.parametrize("fields", [None, ["dated"], ["dated_earliest"]])
def test_refreshed_record_has_the_stored_date(fields):
    source = make_source(dated="1968")

    source.dated = "2013"
    source.refresh_from_db(fields=["dated"] if fields == ["dated_earliest"] else fields)

    assert source.dated == RecordDate.parse("1968")
    assert source.dated_earliest == date(1968, 1, 1)


def test_single_columns_are_written_when_all_three_are_named():
    source = make_source(dated="1968")

    source.dated = "2013-08"
    source.save(update_fields=BOUNDS)
    assert in_database(source) == ("2013-08", date(2013, 8, 1), date(2013, 8, 31))

    found = RecordDate.parse("1994~")
    Source.objects.update(dated=found, dated_earliest=found.earliest, dated_latest=found.latest)
    assert in_database(source) == ("1994~", date(1994, 1, 1), date(1994, 12, 31))

    source.dated = "2001"
    Source.objects.bulk_update([source], BOUNDS)
    assert in_database(source) == ("2001", date(2001, 1, 1), date(2001, 12, 31))


def test_bulk_created_records_have_bounds():
    fields = {"title": "A", "kind": "press", "reliability": "press"}
    Source.objects.bulk_create(
        [Source(slug="a", dated="1968", **fields), Source(slug="b", **fields)]
    )

    assert in_database(Source.objects.get(slug="a")) == (
        "1968",
        date(1968, 1, 1),
        date(1968, 12, 31),
    )
    assert in_database(Source.objects.get(slug="b")) == (None, None, None)


@pytest.mark.parametrize("dated", ["05/06/97", "1967-02-29", "x", " ", 97])
def test_text_that_is_no_date_is_kept_as_typed_and_never_stored(dated):
    source = Source(slug="a", title="A", kind="press", reliability="press", dated=dated)

    assert source.dated == dated
    assert (source.dated_earliest, source.dated_latest) == (None, None)
    sentence = f"“{str(dated).strip()}” is not a date that we can read. {ACCEPTED_FORMS}"
    with pytest.raises(ValidationError) as refusal:
        source.full_clean()
    assert refusal.value.message_dict == {"dated": [sentence]}
    for write in (
        source.save,
        lambda: Source.objects.bulk_create([source]),
        lambda: Source.objects.update(dated=dated),
        lambda: list(Source.objects.filter(dated=dated)),
    ):
        with pytest.raises(ValidationError) as refusal, transaction.atomic():
            write()
        assert refusal.value.messages == [sentence]
    assert not Source.objects.exists()


def test_date_that_is_required_is_asked_for():
    relationship = make_relationship()
    entry = Entry(relationship=relationship, number=1, kind="visited", on="")

    with pytest.raises(ValidationError) as refusal:
        entry.full_clean()
    assert refusal.value.message_dict["on"] == ["This field cannot be null."]
    with pytest.raises(IntegrityError, match=r"cities_entry\.on|\"on\""), transaction.atomic():
        entry.save()


def test_text_longer_than_the_column_is_refused():
    members = ",".join(f"2013-08-{day:02}" for day in range(1, 12))

    with pytest.raises(ValidationError) as refusal:
        RecordDateField(max_length=20).clean(f"[{members[:43]}]", None)

    assert refusal.value.messages == ["Ensure this value has at most 20 characters (it has 45)."]


def test_date_survives_serialization():
    make_source(slug="dated", dated="2013-08")
    make_source(slug="undated")
    text = serializers.serialize("json", Source.objects.order_by("slug"))

    dated, undated = [found.object for found in serializers.deserialize("json", text)]

    assert dated.dated == RecordDate.parse("2013-08")
    assert (dated.dated_earliest, dated.dated_latest) == (date(2013, 8, 1), date(2013, 8, 31))
    assert undated.dated is None
    assert '"dated": "2013-08", "dated_earliest": "2013-08-01"' in text
    Source.objects.all()._raw_delete("default")
    for found in serializers.deserialize("json", text):
        found.save()
    assert in_database(Source.objects.get(slug="dated")) == (
        "2013-08",
        date(2013, 8, 1),
        date(2013, 8, 31),
    )


def test_value_to_string_is_the_text_or_nothing():
    field = Source._meta.get_field("dated")

    assert field.value_to_string(Source(dated="1994~")) == "1994~"
    assert field.value_to_string(Source()) == ""


def test_history_holds_the_date_and_its_bounds():
    source = make_source(dated="1968")
    source.dated = "1994~"
    source.save()

    newest, oldest = source.history.all()

    assert (oldest.dated, newest.dated) == (RecordDate.parse("1968"), RecordDate.parse("1994~"))
    assert source.history.values_list(*BOUNDS[1:]).first() == (
        date(1994, 1, 1),
        date(1994, 12, 31),
    )
    assert [(c.field, str(c.old), str(c.new)) for c in newest.diff_against(oldest).changes] == [
        ("dated", "1968", "about 1994")
    ]
    assert oldest.instance.dated_earliest == date(1968, 1, 1)


@pytest.mark.parametrize(
    ("model", "name"),
    [
        (Source, "dated"),
        (Source, "dated_earliest"),
        (Source, "dated_latest"),
        (Entry, "on"),
        (Entry, "on_earliest"),
        (Source.history.model, "dated_earliest"),
    ],
)
def test_field_is_rebuilt_by_its_deconstruction(model, name):
    field = model._meta.get_field(name)

    _, path, args, kwargs = field.deconstruct()
    again = type(field)(*args, **kwargs)
    again.set_attributes_from_name(name)

    assert path == f"cities.records.fields.{type(field).__name__}"
    assert again.deconstruct() == field.deconstruct()
    if isinstance(field, BoundField):
        assert (again.of, again.side) == (field.of, field.side)
    assert (again.null, again.editable, again.db_index) == (
        field.null,
        field.editable,
        field.db_index,
    )


def test_three_fields_of_one_date():
    text, first, last = date_on_record("on", "date", blank=True, help_text="When.")

    assert (type(text), text.verbose_name, text.blank, text.null, text.help_text) == (
        RecordDateField,
        "date",
        True,
        True,
        "When.",
    )
    for bound, side in ((first, "earliest"), (last, "latest")):
        assert (type(bound), bound.of, bound.side) == (BoundField, "on", side)
        assert (bound.null, bound.editable, bound.db_index) == (True, False, True)


def test_descriptor_is_itself_on_the_class():
    assert type(City.began_earliest).__name__ == "BoundDescriptor"
    assert type(City.began).__name__ == "RecordDateDescriptor"


class SourceForm(forms.ModelForm):
    class Meta:
        model = Source
        fields = ["title", "dated"]


@pytest.mark.parametrize(
    ("typed", "edtf"),
    [
        ("1968", "1968"),
        ("August 19, 2013", "2013-08-19"),
        ("19 August 2013", "2013-08-19"),
        ("about 1994", "1994~"),
        ("August 12 or 19, 2013", "[2013-08-12,2013-08-19]"),
        ("  ", None),
        ("", None),
    ],
)
def test_form_accepts_words_and_shows_them_again(typed, edtf):
    source = make_source(dated="1950")

    form = SourceForm({"title": "A", "dated": typed}, instance=source)
    assert form.is_valid(), form.errors
    form.save()

    found = Source.objects.get()
    assert found.dated == (RecordDate.parse(edtf) if edtf else None)
    shown = str(found.dated) if edtf else None
    assert SourceForm(instance=found)["dated"].value() == shown
    value = f' value="{shown}"' if edtf else ""
    assert str(SourceForm(instance=found)["dated"]) == (
        f'<input type="text" name="dated"{value}'
        ' aria-describedby="id_dated_helptext" id="id_dated">'
    )


def test_form_says_what_to_write():
    form = SourceForm({"title": "A", "dated": "05/06/97"})

    assert form.errors == {
        "dated": [
            "“05/06/97” can be two dates. Write “May 6, 1997” or “June 5, 1997”, whichever it is."
        ]
    }
    assert form["dated"].value() == "05/06/97"
    assert form.fields["dated"].help_text == str(USUAL_FORMS)


def test_form_asks_for_a_required_date_and_limits_its_length():
    field = Entry._meta.get_field("on").formfield()

    with pytest.raises(ValidationError) as refusal:
        field.clean(" ")
    assert refusal.value.messages == ["This field is required."]
    field = RecordDateFormField(max_length=5)
    with pytest.raises(ValidationError) as refusal:
        field.clean("12 August 2013")
    assert refusal.value.messages == ["Ensure this value has at most 5 characters (it has 10)."]


@pytest.mark.parametrize(
    ("edtf", "shown"),
    [
        ("2018-01-03", "January 3, 2018"),
        ("2012~", "about 2012"),
        ("[2022-01-07..2022-01-10]", "between January 7 and 10, 2022"),
        ("2013-XX", "2013-XX"),  # its words are those of 2013
    ],
)
def test_form_shows_a_date_in_the_words_that_are_read_back_as_the_same(edtf, shown):
    field, on = RecordDateFormField(), RecordDate.parse(edtf)

    assert (field.prepare_value(on), field.clean(field.prepare_value(on))) == (shown, on)


def test_form_field_keeps_the_help_text_of_the_model():
    assert RecordDateField("date", help_text="When.").formfield().help_text == "When."
    assert RecordDateField("date").formfield(help_text="Then.").help_text == "Then."


@pytest.mark.parametrize(
    ("initial", "typed", "has_changed"),
    [
        (RecordDate.parse("2013-08-19"), "August 19, 2013", False),
        (RecordDate.parse("2013-08-19"), "2013-08-19", False),
        (RecordDate.parse("1994~"), "about 1994", False),
        (RecordDate.parse("1994~"), "1994", True),
        (RecordDate.parse("1994~"), "", True),
        (RecordDate.parse("1994~"), "nonsense", True),
        ("2013-08-19", "August 19, 2013", False),
        (None, "", False),
        (None, None, False),
        ("", None, False),
        (None, "1994", True),
        ("nonsense", "nonsense", True),
    ],
)
def test_form_notices_a_change_of_the_date_not_of_its_words(initial, typed, has_changed):
    assert RecordDateFormField(required=False).has_changed(initial, typed) is has_changed


def test_bound_is_read_through_a_relation():
    relationship = make_relationship(make_city("otsu", began="1898-10-01"))
    make_entry(relationship, "visited", "1969-10")

    assert Entry.objects.values_list("on_earliest", "relationship__partner__began_latest")[0] == (
        date(1969, 10, 1),
        date(1898, 10, 1),
    )
    with pytest.raises(FieldError):
        Entry.objects.filter(on__earliest="1969-10-01")
