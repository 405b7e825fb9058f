"""Counts of tries to sign in, where they cannot be pushed out and no two are lost."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lrscc", "0012_rights_on_numbering_schemes")]

    operations = [
        migrations.CreateModel(
            name="Tries",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("last", models.DateTimeField(db_index=True)),
            ],
            options={"default_permissions": ()},
        ),
    ]
