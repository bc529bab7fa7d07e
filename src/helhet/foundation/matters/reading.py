# SPDX-License-Identifier: EUPL-1.2
"""The condition of reading as one expression of SQL.

Nearly every question that a page asks carries it. Put together from lookups and subqueries of the ORM it took the
better part of a millisecond to put into words, each time; written out it takes a tenth of that, and says the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Expression, F


@dataclass(frozen=True)
class Reader:
    """What decides what somebody reads, reduced to plain values; ``everything`` leaves only what is not revealed yet.

    ``entrusted`` are the organisations whose every matter is open to the reader, ``led`` the tree paths of the units
    that the reader leads, ``represented`` those whose internal matters are open.
    """

    visibilities: tuple[str, ...]
    everything: bool
    released: bool
    user_id: int | None
    entrusted: tuple[int, ...]
    led: tuple[str, ...]
    represented: tuple[int, ...]


class Readable(Expression):
    """Whether a :class:`Reader` may read the matter that ``at`` leads to. Source: ``matters.policy.may_read``."""

    conditional = True
    ALL, SOME = ("batch", "pk"), ("batch", "pk", "visibility", "released", "author")

    def __init__(self, reader: Reader, at: str = "") -> None:
        super().__init__(output_field=BooleanField())
        self.reader, self.at = reader, at
        self.columns: list[Any] = [F(f"{at}{name}") for name in (self.ALL if reader.everything else self.SOME)]

    def get_source_expressions(self) -> list[Any]:
        return self.columns

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        self.columns = list(exprs)

    @property
    def identity(self) -> tuple[Any, ...]:
        return (type(self), self.reader, self.at, *self.columns)

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, tuple[Any, ...]]:
        batch, matter, *others = (compiler.compile(column)[0] for column in self.columns)
        # Only names of columns are put into the words; every value is a parameter.
        known = f"EXISTS(SELECT 1 FROM matters_batch rb WHERE rb.id = {batch} AND rb.revealed_at IS NOT NULL)"  # noqa: S608
        revealed = f"({batch} IS NULL OR {known})"
        if self.reader.everything:
            return (f"({matter} IS NOT NULL AND {revealed})" if self.at else revealed), ()
        may, params = self._may(matter, *others)
        return f"({revealed} AND ({' OR '.join(may)}))", tuple(params)

    def _may(self, matter: str, visibility: str, released: str, author: str) -> tuple[list[str], list[Any]]:
        """What opens a matter to the reader: its visibility, a release to researchers, or a part in it."""
        reader = self.reader
        may = [f"{visibility} IN ({_marks(reader.visibilities)})"]
        params: list[Any] = list(reader.visibilities)
        if reader.released:
            may.append(f"({visibility} = 'internal' AND {released})")
        if reader.user_id is not None:
            may.append(f"{author} = %s")
            params.append(reader.user_id)
        if reader.entrusted:
            words, given = _involves(matter, reader.entrusted, reader.led)
            may.append(words)
            params += given
        if reader.represented:
            words, given = _involves(matter, reader.represented)
            may.append(f"({visibility} = 'internal' AND {words})")
            params += given
        return may, params


def _involves(matter: str, mine: Sequence[int], led: Sequence[str] = ()) -> tuple[str, list[Any]]:
    """One of the organisations owns the matter or takes part in it, or what owns it lies below one of the paths."""
    owns = " OR ".join([f"ro.organisation_id IN ({_marks(mine)})", *("rp.path LIKE %s" for _path in led)])
    tree = " JOIN people_organisation rp ON rp.id = ro.organisation_id" if led else ""
    owned = f"EXISTS(SELECT 1 FROM matters_owner ro{tree} WHERE ro.matter_id = {matter} AND ({owns}))"  # noqa: S608
    part = f"rt.matter_id = {matter} AND rt.organisation_id IN ({_marks(mine)})"
    taken = f"EXISTS(SELECT 1 FROM matters_participant rt WHERE {part})"  # noqa: S608
    return f"({owned} OR {taken})", [*mine, *(f"{path}%" for path in led), *mine]


def _marks(values: Sequence[Any]) -> str:
    return ", ".join(["%s"] * len(values))
