"""How often a process of the desk looks for garbage that refers to itself.

What is imported stays, and so do a night's results, its pages and its readers' sockets: by Python's
defaults, all of them are looked through again and again, and nothing is freed. A command spends a
sixth of its start on that.
"""

import gc


def collect_less_often() -> None:
    """Set how many new objects there are before the garbage collector looks through them."""
    gc.set_threshold(50_000, 20, 20)
