# SPDX-License-Identifier: EUPL-1.2
"""The reference engine: a checked book, an overlay, samples and a seed → arrays of every quantity asked for.

Each quantity has a content hash of its formula or values, its change, the hashes of what it uses and – only where something
uncertain reaches it – samples and seed. Kept arrays are found by that hash, so a change recomputes only what depends on it.
"""

from __future__ import annotations

import hashlib
import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from helhet.core.book import distributions, draws, limits
from helhet.core.book.cache import SHARED, Cache
from helhet.core.book.evaluate import Evaluator
from helhet.core.book.model import Array, Book, Quantity
from helhet.core.book.overlay import Content, Overlay, content, validate
from helhet.core.book.problems import Place, fail


@dataclass(slots=True)
class _Prepared:
    """Contents, content hashes and what is uncertain, by quantity; `sizes` are elements of the quantity and of its widest part."""

    contents: dict[str, Content] = field(default_factory=dict)
    keys: dict[str, bytes] = field(default_factory=dict)
    uncertain: dict[str, bool] = field(default_factory=dict)
    sizes: dict[str, tuple[int, int]] = field(default_factory=dict)


def _unchanged(book: Book, samples: int, seed: int) -> _Prepared:
    """The book as it is written; worked out once, so that a change costs only what depends on it."""
    key = ("unchanged", samples, seed)
    found = book.kept.get(key)
    if isinstance(found, _Prepared):
        return found
    made = _Prepared()
    for name in book.order:
        made.contents[name] = content(book, book.quantities[name], None)
        made.keys[name], made.uncertain[name] = _key(book, name, made, samples, seed)
        made.sizes[name] = (math.prod(book.shape(book.kinds[name].dims)), max(book.widest.get(name, 1), 1))
    if len(book.kept) < limits.KEPT_PASSES:
        book.kept[key] = made
    return made


def _key(book: Book, name: str, among: _Prepared | Pass, samples: int, seed: int) -> tuple[bytes, bool]:
    """The content hash of a quantity among those it uses, and whether anything uncertain reaches it."""
    found = among.contents[name]
    total = hashlib.blake2b(book.keys[name] + found.key.encode(), digest_size=16)
    uncertain = found.distribution is not None
    if found.values is None and not uncertain:
        for other in book.needs[name]:
            total.update(among.keys[other])
            uncertain = uncertain or among.uncertain[other]
    if uncertain:
        total.update(f"{samples}|{seed}".encode())
    return total.digest(), uncertain


class Pass:
    """One pass through a book: `samples` draws, or the expected pass (`samples` = 0, every input at its mean).

    Raises `BookError` when the book has errors, the overlay does not fit, or the result is too large.
    """

    def __init__(self, book: Book, overlay: Overlay, samples: int, seed: int, cache: Cache = SHARED) -> None:
        book.require()
        changed = validate(book, overlay)
        self.book = book
        self.overlay = overlay
        self.samples = samples
        self.seed = seed
        self.cache = cache
        unchanged = _unchanged(book, samples, seed)
        self.sizes = unchanged.sizes
        self.contents, self.keys = dict(unchanged.contents), dict(unchanged.keys)
        self.uncertain = dict(unchanged.uncertain)
        self.contents.update(changed)
        reached = book.dependents(*changed) if changed else ()
        for name in book.order:
            if name in reached:
                self.keys[name], self.uncertain[name] = _key(book, name, self, samples, seed)
        self.evaluator = Evaluator(book, self.array)

    def demand(self, names: Iterable[str]) -> list[str]:
        """What these names need, inputs first. Refuses before computing if it would not fit in memory."""
        wanted = self.reach(names)
        size = max(self.samples, 1)
        total = 0
        for name in wanted:
            times = size if self.uncertain[name] else 1
            own, widest = self.sizes[name]
            if widest * times > limits.RUN_VALUES // 2:
                raise fail("too-large", self.book.quantities[name].place, what=name)
            total += own * times
        if total > limits.RUN_VALUES:
            raise fail("too-large", Place(self.book.path), what=str(total))
        return wanted

    def reach(self, names: Iterable[str]) -> list[str]:
        """The names and everything they use, in order of computation."""
        wanted = set(names)
        for name in reversed(self.book.order):
            found = self.contents[name]
            if name in wanted and found.values is None and found.distribution is None:
                wanted.update(self.book.needs[name])
        return [name for name in self.book.order if name in wanted]

    def array(self, name: str) -> Array:
        """The quantity in base units, shape (dimensions in the book's order…, samples or 1). Do not write to it."""
        return self.cache.get(self.keys[name], lambda: self._computed(name), lambda a: a.nbytes)

    def compute(self, names: Iterable[str]) -> None:
        """Compute these and what they use, inputs first, so that no lookup nests deeply."""
        wanted = list(names)
        order = self.demand(wanted)
        missing = {name for name in wanted if self.keys[name] not in self.cache}
        for name in reversed(order):
            if name in missing and self.contents[name].values is None and self.contents[name].distribution is None:
                missing.update(other for other in self.book.needs[name] if self.keys[other] not in self.cache)
        for name in order:
            if name in missing:
                self.array(name)

    def _computed(self, name: str) -> Array:
        quantity, found = self.book.quantities[name], self.contents[name]
        kind = self.book.kinds[name]
        with np.errstate(all="ignore"):
            if found.values is not None:
                array = self._placed(quantity, found.values[..., np.newaxis])
            elif found.distribution is not None:
                array = self._drawn(quantity, found)
            else:
                assert quantity.tree is not None
                value = self.evaluator.value(quantity.tree)
                array = self.evaluator.aligned(value, kind.dims) if value.dims != kind.dims else value.array
            for operation, by in found.moves:
                array = array * by if operation == "scale" else array + by
        shape = (*self.book.shape(kind.dims), array.shape[-1])
        array = np.ascontiguousarray(np.broadcast_to(array, shape))
        if not np.isfinite(array).all():
            raise fail("not-finite", quantity.place, name=name)
        array.setflags(write=False)
        return array

    def _placed(self, quantity: Quantity, array: Array) -> Array:
        """From the order in which the table is written to the book's order of dimensions."""
        written = self.book.written_dims(quantity.name)
        order = [written.index(dim) for dim in self.book.kinds[quantity.name].dims]
        return np.transpose(array, (*order, len(order)))

    def _drawn(self, quantity: Quantity, found: Content) -> Array:
        spread = found.distribution
        assert spread is not None
        written = self.book.written_dims(quantity.name)
        shape = self.book.shape(written)
        if self.samples == 0:
            mean = np.broadcast_to(distributions.mean(spread), shape)
            return self._placed(quantity, mean[..., np.newaxis])
        elements = ["|".join(parts) for parts in itertools.product(*(self.book.dimensions[d].keys for d in written))]
        stream = f"{quantity.origin}|{quantity.name}|{self.seed}|{self.samples}|{elements}"
        key = hashlib.blake2b(stream.encode(), digest_size=16).digest()
        uniform = self.cache.get(
            key,
            lambda: draws.uniform(self.seed, quantity.origin, quantity.name, elements, self.samples),
            lambda a: a.nbytes,
        )
        return self._placed(quantity, distributions.values(spread, uniform.reshape(*shape, self.samples)))
