"""What people see of the embedder: which one serves, and how far a change has come.

Invariant: nothing here loads a model, so that a web process may ask at any time.
"""

from dataclasses import dataclass
from datetime import datetime

from knowledge import takeover, vectors
from knowledge.models import Recipe


@dataclass(frozen=True, slots=True)
class Status:
    """`done` and `total` count passages, while another embedder is `building`; `former` was the last to serve."""

    serving: Recipe | None
    building: Recipe | None
    former: Recipe | None
    done: int = 0
    total: int = 0

    @property
    def has_read_all(self) -> bool:
        """Whether only what depends on the vectors is left to do."""
        return self.done == self.total

    @property
    def words_alone(self) -> bool:
        """Whether searches go by words, because the serving model has left the machine."""
        return self.serving is not None and not self.serving.is_here

    @property
    def way_back_until(self) -> datetime | None:
        """Until when the former embedder's vectors are kept."""
        return self.former.retired_at + takeover.GRACE if self.former and self.former.retired_at else None


def read() -> Status:
    """As of now."""
    rows = {row.state: row for row in Recipe.objects.order_by("retired_at")}
    building = rows.get(Recipe.State.BUILDING)
    done, total = vectors.progress(building.name) if building else (0, 0)
    return Status(rows.get(Recipe.State.SERVING), building, rows.get(Recipe.State.RETIRED), done, total)
