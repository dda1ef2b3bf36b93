"""Compute the changes of turnout again: wards by the seats last time, by-elections on their own.

A desk that was upgraded earlier has them as computed from the seats of this time, by region.
"""

from importlib import import_module

from django.db import migrations

known_to_checks = import_module("results.migrations.0025_known_to_checks")


class Migration(migrations.Migration):
    dependencies = [("results", "0036_merging_permission")]

    operations = [
        migrations.RunPython(known_to_checks.fill_turnout_changes, migrations.RunPython.noop)
    ]
