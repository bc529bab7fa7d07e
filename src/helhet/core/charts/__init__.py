# SPDX-License-Identifier: EUPL-1.2
"""Small hand-made charts: data → specification → SVG, each with its table."""
