"""When somebody ended all their sessions."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lrscc", "0016_rights_on_offices")]

    operations = [
        migrations.AddField(
            model_name="account",
            name="sessions_since",
            field=models.DateTimeField(null=True),
        ),
    ]
