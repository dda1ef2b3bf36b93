"""Where stored pictures are: for the door that keeps them and the pages that show them."""

FOLDER = "pictures"


def path_of(name: str, width: int) -> str:
    """Where a picture is in the storage, in one of our widths."""
    return f"{FOLDER}/{name}-{width}.jpg"
