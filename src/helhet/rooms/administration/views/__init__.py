# SPDX-License-Identifier: EUPL-1.2
"""The pages of the administration, one module for each thing that is kept."""
