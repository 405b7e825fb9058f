"""Give each population that a city had a row of its own, and its versions those of that row."""

from itertools import groupby

from django.db import migrations


def _as_population(row):
    """Return the population of a city, or of a version of one; None where it has none."""
    if row.population is None:
        return None
    scope = row.population_scope
    is_of = {"metropolitan": "metro" in scope.lower(), "urban": "urban" in scope.lower()}
    return {
        "count": row.population,
        "area": next((area for area in is_of if is_of[area]), "proper"),
        "scope": scope,
        "on": f"{row.population_year:04}",
        "source_id": row.population_source_id,
    }


def move(apps, schema_editor):
    """Copy the population of each city, with all its versions."""
    cities = apps.get_model("cities", "City").objects
    keys = {city.pk: _copied(apps, city.pk, _as_population(city)) for city in cities.order_by("pk")}
    versions = apps.get_model("cities", "HistoricalCity").objects.order_by("id", "history_id")
    for pk, of_city in groupby(versions.iterator(), lambda version: version.id):
        if pk in keys:  # the history of a deleted draft names no city
            _copy_versions(apps, pk, keys[pk], [*of_city])


def _copied(apps, city, values):
    """Return the key of a new row, or None."""
    return values and apps.get_model("cities", "Population").objects.create(
        city_id=city, **values
    ).pk


def _copy_versions(apps, city, key, versions):
    """Copy the versions of a city in which its population changed."""
    history = apps.get_model("cities", "HistoricalPopulation").objects
    before = None
    for version in versions:
        now = _as_population(version)
        if now == before:
            continue
        if key is None:  # it has none today: this row was deleted since
            source = apps.get_model("cities", "Source").objects.filter(pk=now["source_id"])
            if not source.exists():
                return
            key = _copied(apps, city, now)
            apps.get_model("cities", "Population").objects.filter(pk=key).delete()
        history.create(
            id=key,
            city_id=city,
            **(now or before),
            history_type="-" if now is None else "~" if before else "+",
            history_date=version.history_date,
            history_change_reason=version.history_change_reason,
            history_user_id=version.history_user_id,
        )
        before = now


def put_back(apps, schema_editor):
    """Give each city the newest of its populations."""
    for row in apps.get_model("cities", "Population").objects.order_by("on_latest", "pk"):
        city = row.city
        city.population, city.population_source_id = row.count, row.source_id
        city.population_year = row.on_latest.year
        city.population_scope = row.scope or row.area
        city.save()


class Migration(migrations.Migration):
    dependencies = [("cities", "0023_populations")]

    operations = [migrations.RunPython(move, put_back)]
