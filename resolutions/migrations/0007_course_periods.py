"""The periods of resolutions are rows of a table, not of a view made after migrations.

Rows are made when all migrations are applied (`lrscc.running.upgrading`).
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [('resolutions', '0006_names_of_constraints')]

    operations = [
        migrations.RunSQL('DROP VIEW IF EXISTS resolutions_course_period', migrations.RunSQL.noop),
        migrations.DeleteModel('CoursePeriod'),
        migrations.CreateModel(
            name='CoursePeriod',
            fields=[
                ('opened_by', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='resolutions.action')),
                ('first_day', models.DateField()),
                ('until', models.DateField(null=True)),
                ('status', models.CharField(max_length=12)),
                ('resolution', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='periods', to='resolutions.resolution')),
                ('since', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='resolutions.action')),
            ],
            options={
                'default_permissions': (),
                'indexes': [
                    models.Index(fields=['resolution', 'first_day'], name='resolutions_period_of_day'),
                    models.Index(fields=['status', 'first_day'], name='resolutions_period_by_status'),
                ],
            },
        ),
    ]
