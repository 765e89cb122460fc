"""How each helpdesk speaks: one file per product. Adding one touches its file, this list and `Dialect`."""

from tickets.helpdesks.base import HelpdeskDialect
from tickets.helpdesks.standard import StandardWebhooks
from tickets.helpdesks.zammad import Zammad

_DIALECTS: dict[str, HelpdeskDialect] = {"standard": StandardWebhooks(), "zammad": Zammad()}


def dialect(name: str) -> HelpdeskDialect:
    """The dialect called `name` (a value of `tickets.models.helpdesk.Dialect`)."""
    return _DIALECTS[name]
