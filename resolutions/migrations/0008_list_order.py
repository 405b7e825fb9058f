"""The periods of resolutions carry what lists are filtered and sorted by, in one index.

Rows are made when all migrations are applied (`lrscc.running.upgrading`).
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [('resolutions', '0007_course_periods')]

    operations = [
        migrations.DeleteModel('CoursePeriod'),
        migrations.CreateModel(
            name='CoursePeriod',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('first_day', models.DateField()),
                ('until', models.DateField(null=True)),
                ('status', models.CharField(max_length=12, null=True)),
                ('is_public', models.BooleanField()),
                ('listed_on', models.DateField()),
                ('slug', models.CharField(max_length=100)),
                ('resolution', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='periods', to='resolutions.resolution')),
                ('since', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='resolutions.action')),
            ],
            options={
                'default_permissions': (),
                'constraints': [
                    models.UniqueConstraint(fields=('resolution', 'position'), name='resolutions_courseperiod_position_once'),
                ],
                'indexes': [
                    models.Index(fields=['status', 'first_day'], name='resolutions_period_by_status'),
                    models.Index(condition=models.Q(('is_public', True)), fields=['-listed_on', 'slug', 'first_day', 'until', 'resolution'], name='resolutions_period_listed'),
                ],
            },
        ),
    ]
