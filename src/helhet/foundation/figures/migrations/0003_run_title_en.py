# SPDX-License-Identifier: EUPL-1.2
from django.db import migrations, models


class Migration(migrations.Migration):
    """A run's title in English, where its book or its maker gives one."""

    dependencies = [("figures", "0002_initial")]

    operations = [
        migrations.AddField(
            model_name="run", name="title_en", field=models.CharField(blank=True, max_length=200)
        ),
    ]
