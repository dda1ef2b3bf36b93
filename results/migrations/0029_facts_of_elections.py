"""Let the log of each election state its facts and rules, which no entry did before."""

from django.db import migrations
from django.utils import timezone

from results.arithmetic.hash_chain import canonical, commitment, head_of, new_salt

ELECTION = (
    *("slug", "name", "kind", "timezone", "polls_close", "language", "baseline", "house_seats"),
    *("deposits", "hex_layout", "rehearsal", "final"),
)
BODY = ("slug", "name", "seats", "areas", "control_before")
REGION = ("slug", "name", "nation")


def facts_of(apps, election):
    bodies = apps.get_model("results", "Body").objects.filter(election=election.pk)
    regions = apps.get_model("results", "Region").objects.filter(election=election.pk)
    return {
        **{name: getattr(election, name) for name in ELECTION},
        "date": election.date.isoformat(),
        "bodies": [
            {
                **{name: getattr(body, name) for name in BODY},
                "composition_before": sorted(map(list, body.composition_before.items())),
            }
            for body in bodies.order_by("pk")
        ],
        "regions": list(regions.order_by("pk").values(*REGION)),
    }


def state(apps, schema_editor):
    """Append an entry to every log that has one already; a new log begins with the facts."""
    entries = apps.get_model("results", "ChainEntry").objects
    nights = apps.get_model("results", "Night").objects.filter(entries__gt=0)
    for night in nights.select_related("election"):
        content = canonical({"election": facts_of(apps, night.election)})
        salt = new_salt()
        night.entries += 1
        header = canonical(
            {
                **dict.fromkeys(("sequence", "first_sequence", "replaces", "contest")),
                "kind": "facts",
                "election": night.election.slug,
                "number": night.entries,
                "epoch": night.epoch,
                "published_at": timezone.now(),
                "previous": night.head or None,
                "commitment": commitment(salt, content),
            }
        )
        night.head = head_of(header)
        entries.create(
            election=night.election,
            chain_number=night.entries,
            header=header,
            head=night.head,
            salt=salt,
            content=content,
        )
        night.save(update_fields=["entries", "head"])


class Migration(migrations.Migration):
    dependencies = [("results", "0028_lists_and_stages")]

    operations = [migrations.RunPython(state, migrations.RunPython.noop)]
