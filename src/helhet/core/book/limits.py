# SPDX-License-Identifier: EUPL-1.2
"""The bounds of the book language: what is larger is refused before any work is done on it."""

from __future__ import annotations

FILE_CHARS = 400_000
FILES = 32
USE_DEPTH = 8
QUANTITIES = 2_000
NAME_CHARS = 80
TEXT_CHARS = 4_000
FORMULA_CHARS = 4_000
FORMULA_TOKENS = 1_200
FORMULA_DEPTH = 120
UNIT_CHARS = 60
DIMENSIONS = 12
CATEGORIES = 10_000
YEARS = 400
ELEMENTS = 2_000_000
SAMPLES = 200_000
RATIOS = 10_000
PROBLEMS = 100
SCENARIOS = 200
SCENARIO_DEPTH = 16
COMBINATIONS = 256
NUMBER = 1e18
#: float64 values that one run may hold at once (elements x samples, all quantities together).
RUN_VALUES = 200_000_000
CACHE_BYTES = 512 * 1024 * 1024
EXPLANATION_NODES = 400
#: Pairs of samples and seed for which a book keeps what does not depend on a change.
KEPT_PASSES = 16
