"""By which version of its rules each derived table was made."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [('lrscc', '0008_rights_on_register')]

    operations = [
        migrations.CreateModel(
            name='DerivedVersion',
            fields=[
                ('name', models.CharField(max_length=100, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField()),
            ],
            options={'default_permissions': ()},
        ),
    ]
