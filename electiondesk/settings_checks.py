"""Checks of the environment: `manage.py check --deploy --database default`.

They warn of what can be meant, and seldom is: a variable that looks like a misspelt one, which is
read by nothing, and a setting that trusts the whole internet.
"""

import os
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, register

from electiondesk.variables import Network, names_read

#: Variables that `make run` and the units of systemd read, and not the settings. The first three
#: are like too many others to be meant.
OF_MAKE = frozenset({"HOST", "PORT", "SPEED"})
OF_UNITS = frozenset({"LISTEN_ON"})
#: How alike two names are of which one may be misspelt, by difflib: 1 if they are the same.
NEARLY = 0.85
#: A network with at most so many fixed bits is more than anybody's own.
FEWEST_BITS = {4: 7, 6: 15}


@register(deploy=True)
def misspelt_variables(**_options: Any) -> list[CheckMessage]:
    """Report a variable that nothing reads, and that has nearly the name of a setting."""
    known = names_read | OF_UNITS
    return [
        checks.Warning(
            f"The environment has {name}, which nothing reads. Is {meant} meant?",
            hint="docs/settings.md lists every variable.",
            id="electiondesk.W004",
        )
        for name in sorted(os.environ.keys() - known - OF_MAKE)
        if (meant := _meant(name, known))
    ]


@register(deploy=True)
def networks_of_everybody(**_options: Any) -> list[CheckMessage]:
    """Report a network that is believed, or may be sent to, and is nobody's own."""
    return [
        *(
            checks.Warning(
                f"TRUSTED_PROXIES has {network}: whoever reaches a process from there is believed"
                " about the address that limits count, and about the scheme.",
                hint="Name the addresses of your own proxies only.",
                id="electiondesk.W005",
            )
            for network in _too_wide(settings.TRUSTED_PROXIES)
        ),
        *(
            checks.Warning(
                f"WEBHOOK_NETWORKS has {network}: webhooks may be sent to what only this server can"
                " reach, and by http://.",
                hint="Name the private networks of the systems that are to be told.",
                id="electiondesk.W006",
            )
            for network in _too_wide(settings.WEBHOOK_NETWORKS)
        ),
    ]


def _too_wide(networks: Iterable[Network]) -> list[Network]:
    return [each for each in networks if each.prefixlen <= FEWEST_BITS[each.version]]


def _meant(name: str, known: Iterable[str]) -> str:
    """The setting that `name` is nearly spelt as; "" for none."""
    return next(iter(get_close_matches(name.upper(), known, n=1, cutoff=NEARLY)), "")
