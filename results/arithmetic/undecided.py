"""The error of a result that a tie leaves undecided."""


class Undecided(Exception):
    """Votes tie across the last seat, and no lot says who takes it.

    `tied` are candidate ids in ballot order, `seats` is how many of them are to be drawn.
    """

    def __init__(self, tied: tuple[int, ...], seats: int) -> None:
        self.tied = tied
        self.seats = seats
        super().__init__(f"{tied} tie for {seats}")
