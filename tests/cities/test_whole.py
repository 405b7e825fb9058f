"""Records that are read with all that they say and name."""

from cities.models import Authority, RelationshipType
from cities.records.whole import with_links


def test_rows_are_read_with_the_records_that_they_name():
    joined = with_links(Authority.objects.all()).query.select_related

    assert joined == {"organization": {}, "place": {}, "source": {}}


def test_rows_that_name_nothing_are_read_as_they_are():
    """Without names `select_related` asks for whatever Django finds, and is deprecated."""
    assert with_links(RelationshipType.objects.all()).query.select_related is False
