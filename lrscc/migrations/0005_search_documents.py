"""The index of the search, with what each database needs to look words up in it.

Whoever alters the table on SQLite makes the triggers anew: Django copies the table then, and
triggers stay behind with the old one.
"""

from django.db import migrations, models


TABLE = "lrscc_searchdocument"
WORDS = f"{TABLE}_words"

SQLITE = [
    f"""
    CREATE VIRTUAL TABLE {WORDS} USING fts5(
        head, body, content='{TABLE}', content_rowid='id',
        tokenize='ascii', detail='column', prefix='2 3'
    )
    """,
    f"""
    CREATE TRIGGER {WORDS}_added AFTER INSERT ON {TABLE} BEGIN
        INSERT INTO {WORDS} (rowid, head, body) VALUES (new.id, new.head, new.body);
    END
    """,
    f"""
    CREATE TRIGGER {WORDS}_deleted AFTER DELETE ON {TABLE} BEGIN
        INSERT INTO {WORDS} ({WORDS}, rowid, head, body)
        VALUES ('delete', old.id, old.head, old.body);
    END
    """,
    f"""
    CREATE TRIGGER {WORDS}_changed AFTER UPDATE ON {TABLE} BEGIN
        INSERT INTO {WORDS} ({WORDS}, rowid, head, body)
        VALUES ('delete', old.id, old.head, old.body);
        INSERT INTO {WORDS} (rowid, head, body) VALUES (new.id, new.head, new.body);
    END
    """,
]
POSTGRESQL = [
    # The words are cut already: no parser or dictionary of the server has a part in it.
    f"""
    ALTER TABLE {TABLE}
    ADD COLUMN in_head tsvector GENERATED ALWAYS AS
        (array_to_tsvector(string_to_array(head, ' '))) STORED,
    ADD COLUMN in_all tsvector GENERATED ALWAYS AS
        (array_to_tsvector(string_to_array(trim(head || ' ' || body), ' '))) STORED
    """,
    f"CREATE INDEX {TABLE}_in_head ON {TABLE} USING gin (in_head)",
    f"CREATE INDEX {TABLE}_in_all ON {TABLE} USING gin (in_all)",
]


def make(apps, schema_editor):
    by_vendor = {"sqlite": SQLITE, "postgresql": POSTGRESQL}
    for statement in by_vendor[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def take(apps, schema_editor):
    """The triggers and columns go with the table."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(f"DROP TABLE {WORDS}")


class Migration(migrations.Migration):
    dependencies = [
        ('lrscc', '0004_rights_on_summaries'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('place', 'Places and their ties'), ('relationship_type', 'Kinds of tie'), ('resolution', 'Resolutions'), ('statement', 'Statements'), ('meeting', 'Meetings'), ('member', 'Members'), ('programme', 'Programmes'), ('exchange', 'Exchanges'), ('source', 'Sources')], max_length=20)),
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
                'constraints': [models.UniqueConstraint(fields=('kind', 'object_id'), name='lrscc_searchdocument_once_per_record'), models.CheckConstraint(condition=models.Q(('kind__in', ['place', 'relationship_type', 'resolution', 'statement', 'meeting', 'member', 'programme', 'exchange', 'source'])), name='lrscc_searchdocument_kind_known')],
            },
        ),
        migrations.RunPython(make, take),
    ]
