# SPDX-License-Identifier: EUPL-1.2
"""That somebody has asked for a basis to be presented, until a worker has done it."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('decisions', '0002_version_checked'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Presenting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.PositiveIntegerField()),
                ('what_changed', models.TextField(blank=True)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('refused', models.TextField(blank=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('basis', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='presentings', to='decisions.basis')),
                ('version', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='decisions.version')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('basis',), name='decisions_one_presenting')],
            },
        ),
    ]
