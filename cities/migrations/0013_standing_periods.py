"""The periods of relationships are rows of a table, not of a view made after migrations.

Rows are made when all migrations are applied (`lrscc.running.upgrading`).
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [('cities', '0012_names_of_constraints')]

    operations = [
        migrations.RunSQL('DROP VIEW IF EXISTS cities_standing_period', migrations.RunSQL.noop),
        migrations.DeleteModel('StandingPeriod'),
        migrations.CreateModel(
            name='StandingPeriod',
            fields=[
                ('opened_by', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='cities.entry')),
                ('first_day', models.DateField()),
                ('until', models.DateField(null=True)),
                ('status', models.CharField(max_length=10)),
                ('home', models.CharField(max_length=10, null=True)),
                ('partner', models.CharField(max_length=10, null=True)),
                ('began', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cities.entry')),
                ('relationship', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='periods', to='cities.relationship')),
                ('since', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cities.entry')),
                ('type', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cities.relationshiptype')),
            ],
            options={
                'default_permissions': (),
                'indexes': [models.Index(fields=['relationship', 'first_day'], name='cities_standingperiod_of_day')],
            },
        ),
    ]
