# SPDX-License-Identifier: EUPL-1.2
"""The API at ``/api/v1/``: what the house shares, and what each room brings in its manifest."""
