"""The exception for a result that a tie leaves undecided."""


class Undecided(Exception):
    """Raised where votes tie across the last seat and no lot decides it.

    `tied` are candidate ids in ballot order, `seats` is how many of them are to be drawn.
    """

    def __init__(self, tied: tuple[int, ...], seats: int) -> None:
        self.tied = tied
        self.seats = seats
        super().__init__(f"{tied} tie for {seats}")
