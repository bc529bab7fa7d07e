# SPDX-License-Identifier: EUPL-1.2
"""Date and number formats for languages that Django has none for."""
