"""Clients that request readers' rare pages in a loop.

`python -m bench.greedy_clients URL SLUG NEWEST` requests pages of the election SLUG, whose newest
bulletin is NEWEST. Reads the slugs of seats from its input, and ends when that is closed. Each of
`CLIENTS` threads has a connection of its own and sends its next request at once. Prints the number
of responses of each status as JSON.
"""

import http.client
import json
import random
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

CLIENTS = 4
#: Slugs in an address of a choice of seats.
CHOSEN = 12


def addresses(seed: int, election: str, seats: list[str], newest: int) -> Iterator[str]:
    """Addresses under `/<election>/`, each kind as often as the others."""
    chance = random.Random(seed)
    while True:
        chosen = ",".join(chance.sample(seats, min(CHOSEN, len(seats))))
        word = chance.choice(seats).partition("-")[0]
        for path in (
            f"feed/?before={chance.randint(1, newest)}",
            f"feed/?{urlencode({'seats': chosen})}",
            f"find/?{urlencode({'q': word[: chance.randint(1, 4)]})}",
            f"{chance.choice(seats)}/card.png",
            "records/",
        ):
            yield f"/{election}/{path}"


def ask(url: str, paths: Iterator[str], over: threading.Event, answers: Counter[str]) -> None:
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port)
    while not over.is_set():
        connection.request("GET", next(paths), headers={"Accept-Encoding": "br"})
        response = connection.getresponse()
        response.read()
        # Searching for all of a name leads to its seat.
        answers["200" if response.status == 302 else str(response.status)] += 1


def main(url: str, election: str, newest: str) -> None:
    seats = sys.stdin.readline().split()
    over, answers = threading.Event(), Counter[str]()
    threads = [
        threading.Thread(
            target=ask, args=(url, addresses(number, election, seats, int(newest)), over, answers)
        )
        for number in range(CLIENTS)
    ]
    for thread in threads:
        thread.start()
    sys.stdin.read()
    over.set()
    for thread in threads:
        thread.join()
    print(json.dumps(answers))


if __name__ == "__main__":
    main(*sys.argv[1:])
