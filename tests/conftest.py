# SPDX-License-Identifier: EUPL-1.2
"""Fixtures of the whole suite. Markers: ``browser``, ``postgres``, ``both_databases`` (see docs/testing.md)."""

from pathlib import Path

import pytest

pytest_plugins = ["tests.plugin.network", "tests.plugin.capability", "tests.plugin.browser"]


@pytest.fixture(autouse=True)
def _files_of_their_own(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Uploaded files of a test that touches the database go to a folder of its own."""
    if {"db", "transactional_db"} & set(request.fixturenames):
        folder: Path = tmp_path_factory.mktemp("media")
        request.getfixturevalue("settings").MEDIA_ROOT = folder
