# SPDX-License-Identifier: EUPL-1.2
"""Full-text search on the two databases: FTS5 on SQLite, tsvector with GIN on PostgreSQL.

Both find the same: the words are cut and stemmed in Python, and neither database parses them again. FTS5's ``ascii``
tokenizer cuts at spaces only, and so does PostgreSQL's cast to ``tsvector``.
"""

from collections.abc import Mapping, Sequence
from time import monotonic

from django.db import connection
from django.db.models import QuerySet

from helhet.foundation.search.models import Entry

#: How many entries each stem stands in, kept by FTS5 itself; PostgreSQL has its statistics.
VOCABULARY = {
    "sqlite": ["CREATE VIRTUAL TABLE search_vocabulary USING fts5vocab(search_fts, 'row')"],
    "postgresql": [],
}
FORGET_VOCABULARY = {"sqlite": ["DROP TABLE search_vocabulary"], "postgresql": []}
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
#: The best so many of everything are looked through for what the asker may read; all are, when that is not enough.
CANDIDATES = 250
#: Words are asked for, the rarest first, until they stand in about so many entries: the rest tell nothing apart.
MOST_ENTRIES = 1000
MOST_ENDINGS = 200
#: A word that is common stays so: it is looked up again after an hour. To count a word costs as much as it is common.
COMMON_S = 3600
MOST_COMMON = 5000
_common: dict[str, float] = {}
PORTION = 10_000


def ranked(
    entries: QuerySet[Entry], stems: Sequence[str], *, prefix_last: bool, limit: int, kind: str = ""
) -> list[Entry]:
    """The ``limit`` best entries among ``entries`` (what the asker may read) that hold any of the stems, best first.

    ``kind`` is asked of the index only: among ``entries`` SQLite would take it for the way in, and read every matter.
    The cost does not grow with the index: of several words the common ones are left out, and what the asker may
    read is looked for among the best ``CANDIDATES`` first.
    """
    if not stems:
        return []
    prefixed = dict.fromkeys(stems, False) | {stems[-1]: prefix_last}
    telling = _telling(prefixed)
    best = _best(telling, kind, CANDIDATES)
    found = _first(entries, best, limit)
    if len(found) < limit and len(best) == CANDIDATES:
        found = _first(entries, _best(telling, kind, None), limit)
    return found


def _first(entries: QuerySet[Entry], best: Sequence[int], limit: int) -> list[Entry]:
    """The first ``limit`` of ``best`` that are among ``entries``, in that order.

    Most often nearly everything may be read, and those a little beyond ``limit`` are enough.
    """
    near = best[: limit + limit // 2]
    rows = {entry.pk: entry for entry in entries.filter(pk__in=near)} if near else {}
    if len(rows) >= limit or len(near) == len(best):
        return [rows[pk] for pk in near if pk in rows][:limit]
    readable: set[int] = set()
    for at in range(0, len(best), PORTION):
        portion = best[at : at + PORTION]
        readable.update(entries.select_related(None).filter(pk__in=portion).values_list("pk", flat=True))
        if len(readable) >= limit:
            break
    first = [pk for pk in best if pk in readable][:limit]
    rows = {entry.pk: entry for entry in entries.filter(pk__in=first)} if first else {}
    return [rows[pk] for pk in first]


def _telling(stems: Mapping[str, bool]) -> Mapping[str, bool]:
    """The rarest stems, as many as stand in ``MOST_ENTRIES`` entries together; at least one."""
    if len(stems) == 1:
        return stems
    now = monotonic()
    common = {stem: MOST_ENTRIES + 1 for stem in stems if _common.get(stem, 0) > now}
    asked = {stem: prefix for stem, prefix in stems.items() if stem not in common}
    held = {**common, **(_held_by(asked) if asked else {})}
    if len(_common) > MOST_COMMON:
        _common.clear()
    _common.update({stem: now + COMMON_S for stem in asked if held.get(stem, 0) > MOST_ENTRIES})
    kept: dict[str, bool] = {}
    sum_held = 0
    for stem in sorted(stems, key=lambda s: held.get(s, 0)):
        sum_held += held.get(stem, 0)
        if kept and sum_held > MOST_ENTRIES:
            break
        kept[stem] = stems[stem]
    return kept


def _held_by(stems: Mapping[str, bool]) -> dict[str, int]:
    """In about how many entries each stem stands; unknown ones are rare."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT word, share * (SELECT reltuples FROM pg_class WHERE relname = 'search_entry') FROM pg_stats, "
                "unnest(most_common_elems::text::text[], most_common_elem_freqs) AS known(word, share) "
                "WHERE schemaname = current_schema() AND tablename = 'search_entry' AND attname = 'vector'"
            )
            known = {word: int(count) for word, count in cursor.fetchall() if word is not None and count is not None}
            return {
                stem: sum(n for word, n in known.items() if word.startswith(stem)) if prefix else known.get(stem, 0)
                for stem, prefix in stems.items()
            }
        each = (
            "SELECT %s, coalesce(sum(doc), 0), count(*) FROM "
            "(SELECT doc FROM search_vocabulary WHERE term >= %s AND term <= %s LIMIT %s)"
        )
        asked = [(stem, stem, stem + ("\U0010ffff" if prefix else ""), MOST_ENDINGS) for stem, prefix in stems.items()]
        cursor.execute(" UNION ALL ".join([each] * len(asked)), [value for row in asked for value in row])
        return {
            stem: count if endings < MOST_ENDINGS else MOST_ENTRIES + 1 for stem, count, endings in cursor.fetchall()
        }


_BEST_POSTGRESQL = (
    "SELECT id FROM search_entry WHERE vector @@ %%s::tsquery %s "
    "ORDER BY ts_rank(vector, %%s::tsquery, 1) DESC, id DESC LIMIT %%s"
)
_BEST_SQLITE = (
    "SELECT rowid FROM search_fts WHERE search_fts MATCH %%s %s ORDER BY bm25(search_fts), rowid DESC LIMIT %%s"
)


def _best(stems: Mapping[str, bool], kind: str, limit: int | None) -> list[int]:
    """Primary keys of the entries that hold any of the stems, best first."""
    if connection.vendor == "postgresql":
        query = " | ".join(f"'{stem}'" + (":*" if prefix else "") for stem, prefix in stems.items())
        sql = _BEST_POSTGRESQL % ("AND kind = %s" if kind else "")
        params: list[str | int | None] = [query, *([kind] if kind else []), query, limit]
    else:
        query = " OR ".join(f'"{stem}"' + ("*" if prefix else "") for stem, prefix in stems.items())
        of_kind = "AND (SELECT kind FROM search_entry WHERE id = search_fts.rowid) = %s"
        sql = _BEST_SQLITE % (of_kind if kind else "")
        params = [query, *([kind] if kind else []), -1 if limit is None else limit]
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [pk for (pk,) in cursor.fetchall()]
