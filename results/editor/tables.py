"""The ballot counts of one revision as an HTML table."""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from results.models import Declaration
from results.words.party_names import load_party_names


def ballot_counts_table(declaration: Declaration) -> SafeString:
    """Render everything that was declared, with the candidates in ballot-paper order."""
    party_names = load_party_names(declaration.contest.election.date)
    totals = declaration.totals.select_related("candidate__party__tallied_with")
    rows = [
        (total, total.candidate.description or party_names[total.candidate.label].name)
        for total in totals.order_by("candidate__ballot_order")
    ]
    return render_to_string("editor/_figures.html", {"declaration": declaration, "rows": rows})
