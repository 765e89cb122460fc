"""Words get a table of their own, and postings and vectors carry what a search filters by.

Everything is carried over, both ways. The new key of postings holds their numbers too (INCLUDE), which Django cannot
say.
"""

import django.db.models.deletion
from django.db import migrations, models

import knowledge.models.findable

TERMS = """
INSERT INTO knowledge_term (stem, language, visibility)
SELECT DISTINCT term, language, visibility
FROM knowledge_posting JOIN knowledge_passage passage ON passage.id = passage_id;
CREATE TABLE knowledge_posting_new AS
SELECT term.id AS term_id, posting.frequency::real, posting.passage_id, passage.words::real
FROM knowledge_posting posting JOIN knowledge_passage passage ON passage.id = posting.passage_id
JOIN knowledge_term term ON term.stem = posting.term AND term.language = passage.language
    AND term.visibility = passage.visibility;
DROP TABLE knowledge_posting;
ALTER TABLE knowledge_posting_new RENAME TO knowledge_posting;
ALTER TABLE knowledge_posting
    ALTER term_id SET NOT NULL, ALTER frequency SET NOT NULL, ALTER passage_id SET NOT NULL, ALTER words SET NOT NULL,
    ADD CONSTRAINT knowledge_posting_pkey PRIMARY KEY (term_id, passage_id) INCLUDE (frequency, words),
    ADD CONSTRAINT knowledge_posting_term FOREIGN KEY (term_id) REFERENCES knowledge_term DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT knowledge_posting_passage FOREIGN KEY (passage_id) REFERENCES knowledge_passage
        DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX knowledge_posting_of_passage ON knowledge_posting (passage_id);
"""
WORDS_AGAIN = """
CREATE TABLE knowledge_posting_old AS
SELECT term.stem::varchar(64) AS term, posting.frequency::float8, posting.passage_id
FROM knowledge_posting posting JOIN knowledge_term term ON term.id = posting.term_id;
DROP TABLE knowledge_posting;
ALTER TABLE knowledge_posting_old RENAME TO knowledge_posting;
ALTER TABLE knowledge_posting
    ALTER term SET NOT NULL, ALTER frequency SET NOT NULL, ALTER passage_id SET NOT NULL,
    ADD CONSTRAINT knowledge_posting_pkey PRIMARY KEY (term, passage_id),
    ADD CONSTRAINT knowledge_posting_passage FOREIGN KEY (passage_id) REFERENCES knowledge_passage
        DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX knowledge_posting_of_passage ON knowledge_posting (passage_id);
"""
SHELVES = """
UPDATE knowledge_passagevector kept SET language = passage.language, visibility = passage.visibility
FROM knowledge_passage passage WHERE passage.id = kept.passage_id;
"""
VISIBILITIES = [("public", "public"), ("internal", "internal")]


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0006_fusion_weight")]

    operations = [
        migrations.CreateModel(
            name="Term",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("stem", models.CharField(max_length=64)),
                ("language", models.CharField(max_length=2)),
                ("visibility", models.CharField(choices=VISIBILITIES, max_length=10)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["stem", "language", "visibility"], name="one_row_per_term")
                ]
            },
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(TERMS, WORDS_AGAIN)],
            state_operations=[
                migrations.DeleteModel("Posting"),
                migrations.CreateModel(
                    name="Posting",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "term_id", "passage_id", blank=True, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "term",
                            models.ForeignKey(
                                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="postings",
                                to="knowledge.term",
                            ),
                        ),
                        ("frequency", knowledge.models.findable.Real()),
                        (
                            "passage",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="postings",
                                to="knowledge.passage",
                            ),
                        ),
                        ("words", knowledge.models.findable.Real()),
                    ],
                    options={"verbose_name": "posting"},
                ),
            ],
        ),
        migrations.AddField(
            "passagevector", "language", models.CharField(default="", max_length=2), preserve_default=False
        ),
        migrations.AddField(
            "passagevector",
            "visibility",
            models.CharField(choices=VISIBILITIES, default="", max_length=10),
            preserve_default=False,
        ),
        migrations.RunSQL(SHELVES, migrations.RunSQL.noop),
        migrations.RemoveIndex("passage", "passage_scope"),
        migrations.AddIndex(
            "passage",
            models.Index(
                fields=["language", "visibility"], include=("words",), condition=models.Q(current=True),
                name="passage_counts",
            ),
        ),
    ]  # fmt: skip
