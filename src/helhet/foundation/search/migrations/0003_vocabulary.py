# SPDX-License-Identifier: EUPL-1.2
from django.db import migrations

from helhet.foundation.search.backends import FORGET_VOCABULARY, VOCABULARY


def _run(statements):
    def forward(apps, schema_editor):
        for statement in statements[schema_editor.connection.vendor]:
            schema_editor.execute(statement)

    return forward


class Migration(migrations.Migration):
    dependencies = [("search", "0002_fulltext")]
    operations = [migrations.RunPython(_run(VOCABULARY), _run(FORGET_VOCABULARY))]
