"""Give each council and chamber a tally of its own, and milestones a body.

Bodies of councils and chambers get the sum of what their contests have added to the night's tally.
What these added gets the sums that are new: seats held before, and in councils the votes of each
party's best-placed candidate, now and last time.
"""

from collections import Counter

import django.db.models.deletion
from django.db import migrations, models

COUNCIL = "council"
#: Kinds in which somebody controls each body.
COUNCILS = (COUNCIL, "council-stv")
#: Kinds whose bodies have tallies.
KINDS = (*COUNCILS, "senedd", "scottish-parliament", "london-assembly", "ni-assembly")
#: What this migration adds to contributions.
NEW_SUMS = ("before", "best", "best_comparable", "best_last")
INDEPENDENT, SITTING = "independent", "sitting"


def label_of(row):
    """The label of what stands as a party, an independent or the Speaker."""
    if row.standing_as != "party":
        return row.standing_as
    return (row.party.tallied_with or row.party).slug if row.party else INDEPENDENT


def holders_of(apps, contest, baseline):
    """Labels that held the contest's seats; [] where that is not known."""
    if baseline == SITTING:
        rows = apps.get_model("results", "SittingMember").objects.filter(contest=contest)
    else:
        votes = apps.get_model("results", "LastVotes").objects
        rows = votes.filter(last_result__contest=contest, elected=True).order_by("-votes", "pk")
    labels = [label_of(row) for row in rows.select_related("party__tallied_with")]
    if len(labels) <= contest.seats:
        return labels
    is_one = len(set(labels)) == 1 and INDEPENDENT not in labels
    return labels[: contest.seats] if is_one else []


def most(rows):
    """The most votes of each label."""
    votes = {}
    for label, number in rows:
        votes[label] = max(number or 0, votes.get(label, 0))
    return votes


def best_placed(apps, standing):
    """(votes now, votes last time) by label, of each one's best-placed candidate."""
    totals = apps.get_model("results", "Total").objects.filter(declaration=standing.declaration_id)
    totals = totals.select_related("candidate__party__tallied_with")
    now = most((label_of(total.candidate), total.votes) for total in totals)
    rows = apps.get_model("results", "LastVotes").objects.filter(
        last_result__contest=standing.contest_id
    )
    before = most((label_of(row), row.votes) for row in rows.select_related("party__tallied_with"))
    return now, before


def add(line, **sums):
    for name, number in sums.items():
        if number:
            line[name] = line.get(name, 0) + number


def complete_contribution(apps, standing, election):
    """Add the new sums to what one contest with a result has added to the tally."""
    contribution = standing.contribution
    if not contribution.get("contests"):
        return
    lines = contribution.setdefault("lines", {})
    for sums in (contribution, *lines.values()):
        # There are some already where this migration was undone: they are not counted twice.
        for name in NEW_SUMS:
            sums.pop(name, None)
    for label in holders_of(apps, standing.contest, election.baseline):
        add(lines.setdefault(label, empty_line()), before=1)
    if election.kind != COUNCIL or not contribution.get("complete"):
        return
    now, before = best_placed(apps, standing)
    last = getattr(standing.contest, "last_result", None)
    comparable = last is not None and bool(last.valid)
    for label in {*now, *before}:
        best, best_last = now.get(label, 0), before.get(label, 0) if comparable else 0
        sums = {"best": best, "best_comparable": best if comparable else 0, "best_last": best_last}
        if any(sums.values()):
            add(lines.setdefault(label, empty_line()), **sums)
            add(contribution, **sums)


def empty_line():
    return dict.fromkeys(
        [
            *("seats", "gains", "losses", "votes", "candidates"),
            *("comparable_votes", "last_votes", "stood_last", "last_unknown"),
        ],
        0,
    )


def sum_of(contributions):
    """The sum of contributions as a tally's JSON."""
    total, lines = Counter(), {}
    for contribution in contributions:
        total.update({name: n for name, n in contribution.items() if name != "lines"})
        for label, line in contribution.get("lines", {}).items():
            lines.setdefault(label, Counter()).update(line)
    present = {label: dict(line) for label, line in sorted(lines.items()) if any(line.values())}
    return {"lines": present, **total}


def reached_by(body, tally):
    """(kind, label) of what a council's tally has reached; None where it is not known or open.

    A council whose seats in all are not entered has all of them up.
    """
    contests = list(body.contests.values_list("seats", "by_election"))
    up = sum(seats for seats, _by_election in contests)
    is_begun = tally.get("seats", 0) > tally.get("unopposed", 0)
    all_up = (body.seats or up) <= up and not all(by_election for _seats, by_election in contests)
    if not is_begun or not all_up:
        return None
    line, won = up // 2 + 1, {label: each["seats"] for label, each in tally["lines"].items()}
    left = up - tally.get("seats", 0) - tally.get("vacant", 0)
    for label, seats in won.items():
        if seats >= line:
            return "line", label
    return None if max([*won.values(), 0]) + left >= line else ("no-majority", "")


def move_milestones(apps, election, sequence):
    """Milestones of a sum over councils stand no more; control is each council's own."""
    milestones = apps.get_model("results", "Milestone").objects
    contests = apps.get_model("results", "Contest").objects.filter(election=election)
    stale = milestones.filter(election=election, undone_by=None, body=None)
    if contests.filter(by_election=False).exists():
        stale = stale.filter(reached__in=["line", "no-majority"])
    stale.update(undone_by=sequence)
    bodies = apps.get_model("results", "Body").objects.filter(election=election)
    for body in bodies.select_related("tally"):
        tally = body.tally.tally if hasattr(body, "tally") else {"lines": {}}
        reached = reached_by(body, tally)
        if reached is not None:
            declared = tally.get("seats", 0) + tally.get("vacant", 0)
            milestones.create(
                **{"election": election, "body": body, "sequence": sequence, "seats": declared},
                **{"reached": reached[0], "label": reached[1]},
            )


def fill(apps, schema_editor):
    Standing = apps.get_model("results", "Standing")
    BodyTally = apps.get_model("results", "BodyTally")
    for election in apps.get_model("results", "Election").objects.filter(kind__in=KINDS):
        by_body = {}
        standings = Standing.objects.filter(contest__election=election).exclude(contribution={})
        for standing in standings.select_related("contest__last_result"):
            complete_contribution(apps, standing, election)
            standing.save(update_fields=["contribution"])
            by_body.setdefault(standing.contest.body_id, []).append(standing.contribution)
        if not by_body:
            continue
        BodyTally.objects.bulk_create(
            BodyTally(body_id=body, tally=sum_of(rows)) for body, rows in by_body.items()
        )
        everything = [row for rows in by_body.values() for row in rows]
        night = apps.get_model("results", "Night").objects.get(election=election)
        night.tally = sum_of(everything)
        night.save(update_fields=["tally"])
        if election.kind in COUNCILS:
            move_milestones(apps, election, night.sequence)
    # PostgreSQL alters no table with deferred checks, which rows that have just changed have.
    schema_editor.connection.check_constraints()


class Migration(migrations.Migration):
    dependencies = [("results", "0026_areas_of_bodies")]

    operations = [
        migrations.CreateModel(
            name="BodyTally",
            fields=[
                (
                    "body",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="tally",
                        serialize=False,
                        to="results.body",
                    ),
                ),
                ("tally", models.JSONField(default=dict)),
            ],
            options={
                "verbose_name": "tally of a body",
                "verbose_name_plural": "tallies of bodies",
            },
        ),
        migrations.AddField(
            model_name="body",
            name="not_up",
            field=models.JSONField(
                blank=True, db_default={}, default=dict, verbose_name="seats not up"
            ),
        ),
        migrations.RemoveConstraint(model_name="milestone", name="reached_once_at_a_time"),
        migrations.AddField(
            model_name="milestone",
            name="body",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="milestones",
                to="results.body",
            ),
        ),
        migrations.AddConstraint(
            model_name="milestone",
            constraint=models.UniqueConstraint(
                condition=models.Q(("body__isnull", True), ("undone_by__isnull", True)),
                fields=("election", "reached", "label"),
                name="reached_once_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="milestone",
            constraint=models.UniqueConstraint(
                condition=models.Q(("body__isnull", False), ("undone_by__isnull", True)),
                fields=("body", "reached", "label"),
                name="body_reached_once_at_a_time",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
