# SPDX-License-Identifier: EUPL-1.2
"""Words: what needs care before it is saved, and (later) how texts meet."""
