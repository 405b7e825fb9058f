"""Say which city is home, and who keeps the register, as far as the record already shows it."""

from django.db import migrations

ONLY = 1


def note_home(apps, schema_editor):
    """Name the one home city of all relationships, and its one public commission."""
    if apps.get_model("cities", "Register").objects.exists():
        return
    relationships = apps.get_model("cities", "Relationship").objects
    homes = relationships.order_by().values_list("home", flat=True).distinct()
    maintainers = apps.get_model("cities", "Organization").objects.filter(
        classification="commission", place__in=homes, publication="published"
    )
    if len(homes) == len(maintainers) == 1:
        names = {"home_id": homes[0], "maintainer_id": maintainers[0].pk}
        apps.get_model("cities", "Register").objects.create(id=ONLY, **names)


class Migration(migrations.Migration):
    dependencies = [("cities", "0009_register")]

    operations = [migrations.RunPython(note_home, migrations.RunPython.noop)]
