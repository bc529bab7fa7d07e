# SPDX-License-Identifier: EUPL-1.2
"""The reference engine: a checked book, an overlay, samples and a seed → arrays of every quantity asked for.

Each quantity has a content hash of its formula or values, its change, the hashes of what it uses and – only where something
uncertain reaches it – samples and seed. Kept arrays are found by that hash, so a change recomputes only what depends on it.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable

import numpy as np

from helhet.core.book import distributions, draws, limits
from helhet.core.book.cache import SHARED, Cache
from helhet.core.book.evaluate import Evaluator
from helhet.core.book.model import Array, Book, Quantity
from helhet.core.book.overlay import Content, Overlay, content, validate
from helhet.core.book.problems import Place, fail


class Pass:
    """One pass through a book: `samples` draws, or the expected pass (`samples` = 0, every input at its mean).

    Raises `BookError` when the book has errors, the overlay does not fit, or the result is too large.
    """

    def __init__(self, book: Book, overlay: Overlay, samples: int, seed: int, cache: Cache = SHARED) -> None:
        book.require()
        validate(book, overlay)
        self.book = book
        self.overlay = overlay
        self.samples = samples
        self.seed = seed
        self.cache = cache
        self.contents: dict[str, Content] = {}
        self.keys: dict[str, bytes] = {}
        self.uncertain: dict[str, bool] = {}
        changes = dict(overlay.changes)
        for name in book.order:
            self._prepare(name, content(book, book.quantities[name], changes.get(name)))
        self.evaluator = Evaluator(book, self.array)

    def _prepare(self, name: str, found: Content) -> None:
        self.contents[name] = found
        total = hashlib.blake2b(self.book.keys[name] + found.key.encode(), digest_size=16)
        uncertain = found.distribution is not None
        if found.values is None and not uncertain:
            for other in self.book.needs[name]:
                total.update(self.keys[other])
                uncertain = uncertain or self.uncertain[other]
        if uncertain:
            total.update(f"{self.samples}|{self.seed}".encode())
        self.keys[name] = total.digest()
        self.uncertain[name] = uncertain

    def demand(self, names: Iterable[str]) -> None:
        """Refuse before computing if what these names need would not fit in memory."""
        wanted = self.reach(names)
        size = max(self.samples, 1)
        total = 0
        for name in wanted:
            cells = max(self.book.widest.get(name, 1), 1)
            times = size if self.uncertain[name] else 1
            own = int(np.prod(self.book.shape(self.book.kinds[name].dims), dtype=np.int64)) * times
            if cells * times > limits.RUN_VALUES // 2:
                raise fail("too-large", self.book.quantities[name].place, what=name)
            total += own
        if total > limits.RUN_VALUES:
            raise fail("too-large", Place(self.book.path), what=str(total))

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
        self.demand(wanted)
        for name in self.reach(wanted):
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
