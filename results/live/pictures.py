"""Paths of stored pictures, shared by the code that writes them and the code that serves them."""

FOLDER = "pictures"


def path_of(name: str, width: int) -> str:
    """The storage path of picture `name` at `width` pixels, one of `WIDTHS`."""
    return f"{FOLDER}/{name}-{width}.jpg"
