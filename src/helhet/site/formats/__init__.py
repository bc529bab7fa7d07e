# SPDX-License-Identifier: EUPL-1.2
"""Date and number formats for languages that Django has none for, and for English as written in Europe."""
