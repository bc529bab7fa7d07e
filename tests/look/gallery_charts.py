# SPDX-License-Identifier: EUPL-1.2
"""Example charts for the gallery."""


def charts() -> list[object]:
    """Charts of each kind."""
    return []
