"""Who wants to know of each request: nothing in here is content, only where to, what for and how much."""

from collections.abc import Callable
from dataclasses import dataclass

from copilot.egress.origins import Origin


@dataclass(frozen=True, slots=True)
class Use:
    """`requests` sent to `origin` with bodies of `octets` bytes in all, or `refused` ones that were not sent."""

    purpose: str
    owner: str
    origin: Origin
    requests: int = 0
    refused: int = 0
    octets: int = 0


Observer = Callable[[Use], None]
_observers: list[Observer] = []


def observe(observer: Observer) -> None:
    """Call `observer` with every use from now on; adding it twice is adding it once."""
    if observer not in _observers:
        _observers.append(observer)


def tell(use: Use) -> None:
    """Pass `use` on."""
    for observer in _observers:
        observer(use)
