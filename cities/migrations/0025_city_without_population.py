from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('cities', '0024_populations_of_cities'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='city',
            name='cities_city_population_with_year_and_source',
        ),
        migrations.RemoveField(
            model_name='city',
            name='population',
        ),
        migrations.RemoveField(
            model_name='city',
            name='population_scope',
        ),
        migrations.RemoveField(
            model_name='city',
            name='population_source',
        ),
        migrations.RemoveField(
            model_name='city',
            name='population_year',
        ),
        migrations.RemoveField(
            model_name='historicalcity',
            name='population',
        ),
        migrations.RemoveField(
            model_name='historicalcity',
            name='population_scope',
        ),
        migrations.RemoveField(
            model_name='historicalcity',
            name='population_source',
        ),
        migrations.RemoveField(
            model_name='historicalcity',
            name='population_year',
        ),
    ]
