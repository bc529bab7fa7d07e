# SPDX-License-Identifier: EUPL-1.2
"""What the suite adds to pytest: no network, capabilities that are reported when missing, a browser."""
