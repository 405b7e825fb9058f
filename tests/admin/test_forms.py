"""What the admin's forms show and keep."""

import re

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse

from cities.models import Entry
from cities.records.publishing import Publication
from tests import factories as make
from tests.admin.browser import form_of, sentences, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    user = User.objects.create_user("ana", is_staff=True)
    user.groups.add(Group.objects.get(name="Commission staff"))
    client.force_login(user)
    return client


def address(name, *args):
    return reverse(f"admin:cities_{name}", args=args)


def add_line(client, relationship, source, **changes):
    """A new line with a source, sent from the form that the relationship links to."""
    given = {
        **form_of(client, f"{address('entry_add')}?relationship={relationship.pk}"),
        "kind": "reaffirmed",
        "on": "1997-05-05",
        "citations-0-source": str(source.pk),
        "citations-0-locator": "p. 3",
        **changes,
    }
    response = client.post(address("entry_add"), given)
    assert response.status_code == 302, sentences(response)


def test_entry_and_its_sources_are_one_form_and_entries_are_numbered(staff):
    relationship = make.make_relationship(make.make_city("otsu"))
    source, kind = make.make_source(), make.make_type()
    add_line(staff, relationship, source, kind="signed", type=str(kind.pk), on="1969-10-01")
    add_line(staff, relationship, source)

    first, second = relationship.entries.order_by("number")
    assert [first.number, second.number] == [1, 2]
    for entry in (first, second):
        assert entry.publication == Publication.DRAFT
        cited = entry.citations.get()
        assert (cited.source, cited.role, cited.locator) == (source, "supports", "p. 3")
        assert entry.history.get().history_user.username == "ana"
        assert cited.history.get().history_user.username == "ana"


def test_entry_form_begins_with_the_relationship_it_was_opened_from(staff):
    relationship = make.make_partnership("otsu")
    url = f"{address('entry_add')}?relationship={relationship.pk}"

    assert form_of(staff, url)["relationship"] == str(relationship.pk)
    for new in (url, address("entry_add")):
        assert "Status today" not in text(staff.get(new))


DATES = {
    "May 5, 1997": "1997-05-05",
    "August 12 or 19, 2013": "[2013-08-12,2013-08-19]",
    "12 or 19 August 2013": "[2013-08-12,2013-08-19]",
    "August 2013": "2013-08",
    "about 1994": "1994~",
    "1994 (not certain)": "1994?",
    "2013-08-19": "2013-08-19",
}


@pytest.mark.parametrize("typed", DATES)
def test_date_in_plain_words_is_kept_as_edtf_and_comes_back_in_words(staff, typed):
    add_line(staff, make.make_partnership("otsu"), make.make_source(), on=typed)

    entry = Entry.objects.get(number=2)
    assert entry.on.edtf == DATES[typed]
    assert form_of(staff, address("entry_change", entry.pk))["on"] == str(entry.on)


def test_relationship_form_shows_the_standing_and_every_entry_with_its_link(staff):
    relationship = make.make_partnership("otsu")
    make.make_entry(relationship, "visited", "2001", publication=Publication.DRAFT)
    make.make_entry(relationship, "concluded", "1968", why_not_preferred="Only a year.")
    response = staff.get(address("relationship_change", relationship.pk))
    said = text(response)

    assert "Sister city since October 1, 1969." in said
    for words in (
        "October 1, 1969: sister city agreement signed (entry 1, both cities)",
        "2001: visit (entry 2, both cities, draft)",
        "1968: agreed (entry 3, both cities, claimed)",
    ):
        assert words in said
    html = response.content.decode()
    for entry in relationship.entries.all():
        assert html.count(f'href="{address("entry_change", entry.pk)}"') == 1
    assert f'href="{address("entry_add")}?relationship={relationship.pk}"' in html


def test_relationship_without_entries_says_so(staff):
    relationship = make.make_relationship()
    assert "Save the relationship first, then add the entries of its history." in text(
        staff.get(address("relationship_add"))
    )
    said = text(staff.get(address("relationship_change", relationship.pk)))
    assert "We have no record of its status." in said


def test_entry_form_shows_the_status_of_the_relationship(staff):
    relationship = make.make_partnership("otsu")
    said = text(staff.get(address("entry_change", relationship.entries.get().pk)))
    assert "Sister city since October 1, 1969." in said


def test_entry_after_its_place_ceased_is_kept_with_a_warning(staff):
    relationship = make.make_partnership("otsu")
    relationship.partner.ceased = "1990"
    relationship.partner.save()
    warning = "The entry is dated after Otsu was dissolved (1990)."
    add_line(staff, relationship, make.make_source())
    assert warning in text(staff.get(address("entry_changelist")))
    pages = [
        text(staff.get(address("entry_change", entry.pk)))
        for entry in relationship.entries.order_by("number")
    ]

    assert [warning in page for page in pages] == [False, True]


def test_new_relationship_begins_with_the_home_place(staff):
    register = make.make_register()
    assert form_of(staff, address("relationship_add"))["home"] == str(register.home_id)


def test_sign_in_page_has_one_heading(client):
    html = client.get(reverse("admin:login")).content.decode()
    assert html.count("<h1") == 1
    assert "<h1>Staff sign-in</h1>" in html


def test_admin_pages_are_never_kept_and_let_its_own_scripts_write(staff):
    relationship = make.make_partnership("otsu")
    pages = (
        reverse("admin:index"),
        address("city_changelist"),
        address("entry_add"),
        address("entry_change", relationship.entries.get().pk),
        address("relationship_history", relationship.pk),
    )
    for url in (*pages, reverse("admin:login")):
        headers = staff.get(url).headers
        assert headers["Cache-Control"] == "no-store", url
        policy = headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "require-trusted-types-for" not in policy


def test_rare_fields_are_folded_away_until_something_is_entered_in_them(staff):
    relationship = make.make_partnership("otsu")
    entry = make.make_entry(relationship, "visited", "1970", publication="draft")
    planned = make.make_entry(relationship, "planned", "1970", planned_for="1971")

    def folded(page):
        return page.content.decode().count("<details>")

    assert folded(staff.get(address("entry_add"))) == 3
    assert folded(staff.get(address("entry_change", entry.pk))) == 3
    assert folded(staff.get(address("entry_change", planned.pk))) == 2
    assert folded(staff.post(address("entry_add"), {"reason": "Nobody answered."})) == 2


def test_form_is_headed_by_its_record_and_leads_back_by_the_names_of_the_menu(staff):
    city = make.make_city("otsu", name="Otsu")

    page = staff.get(address("city_change", city.pk))

    assert "<h1>Otsu, United States</h1>" in page.content.decode()
    assert "Home › Cities › Otsu, United States" in text(page)
    assert "Home › Cities" in text(staff.get(address("city_changelist")))


def test_refused_form_lists_each_fault_with_a_link_to_its_field(staff):
    page = staff.post(address("city_add"), {"names-TOTAL_FORMS": "1", "names-0-kind": "native"})

    shown = page.content.decode()
    named = {"id_name": "English name", "id_country": "Country", "id_names-0-text": "Names, Name"}
    for place, label in named.items():
        assert f'<a href="#{place}">{label}</a>: This field is required.' in shown


def test_what_is_required_says_so_and_nothing_named_in_a_form_is_deleted_from_it(staff):
    shown = staff.get(address("entry_add")).content.decode()

    assert 'Date <span class="required-mark">(required)</span></label>' in shown
    assert "change_id_decided_by" in shown
    assert "delete_id_" not in shown
    assert "view_id_" not in shown


def test_parts_of_a_long_form_are_listed_with_links_to_each(staff):
    city = make.make_city("otsu", name="Otsu")
    form = address("city_change", city.pk)

    page = staff.get(form).text

    outline = re.search(r'<nav class="outline".*?</nav>', page, re.S)[0]
    links = re.findall(r'<a href="#([^"]+)">([^<]+)</a>', outline)
    assert [label for __, label in links] == [
        *("Location", "Picture", "Links", "Founded and dissolved", "Names", "Former countries"),
        *("Populations", "Summaries in other languages"),
    ]
    for anchor, label in links:
        heading = re.search(rf'<h2 id="{anchor}"[^>]*>\s*([^<]+?)\s*</h2>', page)
        assert heading[1] == label
    assert 'class="outline"' not in staff.get(f"{form}?_popup=1").text
    assert 'class="outline"' not in staff.get(address("source_change", make.make_source().pk)).text


def test_button_for_one_more_number_says_other_once(admin_client):
    page = admin_client.get(reverse("admin:resolutions_resolution_add")).text

    assert "Add another number" in page
    assert ">Other numbers</" in page


def test_button_for_one_more_part_is_in_sentence_case(staff):
    page = staff.get(address("entry_add")).text

    assert "Add another source of this entry" in page
    assert "Add another Source" not in page
