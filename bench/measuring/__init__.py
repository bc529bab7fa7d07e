# SPDX-License-Identifier: EUPL-1.2
"""What the benchmarks are made of: stores, words, pages, a load generator."""
