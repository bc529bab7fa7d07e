# SPDX-License-Identifier: EUPL-1.2
"""Full-text search on the two databases: FTS5 on SQLite, tsvector with GIN on PostgreSQL.

Both find the same: the words are cut and stemmed in Python, and neither database parses them again. FTS5's ``ascii``
tokenizer cuts at spaces only, and so does PostgreSQL's cast to ``tsvector``.
"""

from collections.abc import Sequence

from django.db import connection
from django.db.models import QuerySet

from helhet.foundation.search.models import Entry

CREATE = {
    "sqlite": [
        "CREATE VIRTUAL TABLE search_fts USING fts5(words, content='search_entry', content_rowid='id', tokenize='ascii')",
        "CREATE TRIGGER search_fts_ai AFTER INSERT ON search_entry BEGIN "
        "INSERT INTO search_fts(rowid, words) VALUES (new.id, new.words); END",
        "CREATE TRIGGER search_fts_ad AFTER DELETE ON search_entry BEGIN "
        "INSERT INTO search_fts(search_fts, rowid, words) VALUES ('delete', old.id, old.words); END",
        "CREATE TRIGGER search_fts_au AFTER UPDATE ON search_entry BEGIN "
        "INSERT INTO search_fts(search_fts, rowid, words) VALUES ('delete', old.id, old.words); "
        "INSERT INTO search_fts(rowid, words) VALUES (new.id, new.words); END",
    ],
    "postgresql": [
        "ALTER TABLE search_entry ADD COLUMN vector tsvector GENERATED ALWAYS AS (words::tsvector) STORED",
        "CREATE INDEX search_entry_vector ON search_entry USING GIN (vector)",
    ],
}
DROP = {
    "sqlite": [
        "DROP TRIGGER search_fts_ai",
        "DROP TRIGGER search_fts_ad",
        "DROP TRIGGER search_fts_au",
        "DROP TABLE search_fts",
    ],
    "postgresql": ["ALTER TABLE search_entry DROP COLUMN vector"],
}
CANDIDATES = 400


def ranked(entries: QuerySet[Entry], stems: Sequence[str], *, prefix_last: bool) -> list[Entry]:
    """Entries among ``entries`` that hold any of the stems, best first, at most ``CANDIDATES``.

    ``entries`` is already cut down to what the asker may read: ranking never sees more.
    """
    if not stems:
        return []
    if connection.vendor == "postgresql":
        return _postgresql(entries, stems, prefix_last)
    return _sqlite(entries, stems, prefix_last)


def _sqlite(entries: QuerySet[Entry], stems: Sequence[str], prefix_last: bool) -> list[Entry]:
    quoted = [f'"{stem}"' for stem in stems]
    if prefix_last:
        quoted[-1] += "*"
    return list(
        entries.extra(
            tables=["search_fts"],
            where=["search_fts.rowid = search_entry.id", "search_fts MATCH %s"],
            params=[" OR ".join(quoted)],
        ).extra(select={"rank": "bm25(search_fts)"}, order_by=["rank", "-id"])[:CANDIDATES]
    )


def _postgresql(entries: QuerySet[Entry], stems: Sequence[str], prefix_last: bool) -> list[Entry]:
    terms = [f"'{stem}'" for stem in stems]
    if prefix_last:
        terms[-1] += ":*"
    query = " | ".join(terms)
    return list(
        entries.extra(
            select={"rank": "-ts_rank(search_entry.vector, %s::tsquery, 1)"},
            select_params=[query],
            where=["search_entry.vector @@ %s::tsquery"],
            params=[query],
            order_by=["rank", "-id"],
        )[:CANDIDATES]
    )
