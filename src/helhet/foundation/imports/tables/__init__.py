# SPDX-License-Identifier: EUPL-1.2
"""The foundation's own kinds of tables, in the order they build on each other."""

from helhet.foundation.imports.tables.comments import COMMENTS
from helhet.foundation.imports.tables.goals import GOALS
from helhet.foundation.imports.tables.mandates import MANDATES
from helhet.foundation.imports.tables.matters import MATTERS
from helhet.foundation.imports.tables.organisations import ORGANISATIONS
from helhet.foundation.imports.tables.people import PEOPLE

OWN = (ORGANISATIONS, MANDATES, PEOPLE, GOALS, MATTERS, COMMENTS)
