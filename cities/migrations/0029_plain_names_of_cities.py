"""Write the plain name of each city, and mark those that are on record beside one of their name."""

from django.db import migrations


def fill(apps, schema_editor):
    seen = set()
    for city in apps.get_model("cities", "City").objects.order_by("pk"):
        city.save(update_fields=["plain_name"])  # it follows from the name
        place = (city.plain_name, city.country, city.subdivision)
        if city.publication != "withdrawn":
            if place in seen:
                city.is_another_place = True
                city.save(update_fields=["is_another_place"])
            seen.add(place)


class Migration(migrations.Migration):
    dependencies = [("cities", "0028_plain_names")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
