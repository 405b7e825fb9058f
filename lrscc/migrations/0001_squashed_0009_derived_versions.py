"""The tables and the groups of a new database, as the migrations that this one replaces would
make them.
"""

from importlib import import_module

from django.db import migrations, models

roles, clerks, exchanges, summaries, search, register = (
    import_module(f"lrscc.migrations.{name}")
    for name in (
        "0001_roles",
        "0002_clerks_rights",
        "0003_exchanges_rights",
        "0004_rights_on_summaries",
        "0005_search_documents",
        "0008_rights_on_register",
    )
)


def give(apps, schema_editor):
    for rights in (roles, clerks, exchanges, summaries, register):
        rights.give(apps, schema_editor)


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("lrscc", "0001_roles"),
        ("lrscc", "0002_clerks_rights"),
        ("lrscc", "0003_exchanges_rights"),
        ("lrscc", "0004_rights_on_summaries"),
        ("lrscc", "0005_search_documents"),
        ("lrscc", "0006_plain_kinds_of_document"),
        ("lrscc", "0007_rights_on_programs"),
        ("lrscc", "0008_rights_on_register"),
        ("lrscc", "0009_derived_versions"),
    ]

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("cities", "0009_register"),
        ("exchanges", "0003_plain_names_in_rules"),
        ("resolutions", "0001_bodies_record"),
    ]

    operations = [
        migrations.CreateModel(
            name='DerivedVersion',
            fields=[
                ('name', models.CharField(max_length=100, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField()),
            ],
            options={'default_permissions': ()},
        ),
        migrations.CreateModel(
            name='SearchDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('object_id', models.BigIntegerField()),
                ('slug', models.CharField(max_length=130)),
                ('url', models.CharField(max_length=200)),
                ('title', models.TextField()),
                ('also', models.JSONField(default=list)),
                ('names', models.TextField()),
                ('places', models.TextField()),
                ('dated', models.CharField(max_length=120)),
                ('day', models.DateField(null=True)),
                ('text', models.TextField()),
                ('head', models.TextField()),
                ('body', models.TextField()),
            ],
            options={
                'ordering': ['kind', 'url'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('kind', 'object_id'), name='lrscc_searchdocument_once_per_record')],
            },
        ),
        migrations.RunPython(search.make, search.take),
        migrations.RunPython(give, roles.take),
    ]
