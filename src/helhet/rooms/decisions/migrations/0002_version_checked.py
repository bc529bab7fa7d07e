# SPDX-License-Identifier: EUPL-1.2
"""When a presented version was last proved whole, and what then was broken."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("decisions", "0001_initial")]

    operations = [
        migrations.AddField("version", "checked_at", models.DateTimeField(null=True)),
        migrations.AddField("version", "broken", models.JSONField(default=list)),
    ]
