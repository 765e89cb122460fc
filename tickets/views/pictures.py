"""A message's pictures from elsewhere, once somebody has asked for them.

Invariant: this page alone may load them, and it says nothing of where it stands (no referrer).
"""

from csp.constants import SELF
from csp.decorators import csp_update
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tickets import pictures as kept
from tickets.access import PersonRequest, get_message_for, role_required
from tickets.models.people import Role


@role_required(Role.AGENT)
@require_safe
def pictures(request: PersonRequest, pk: int) -> HttpResponseBase:
    """The pictures, loaded from where their sender has them."""
    message = get_message_for(request.user, pk)
    addresses = kept.of(message)
    if not addresses:
        raise Http404
    response = render(request, "pictures.html", {"message": message, "addresses": addresses})
    response.headers["Referrer-Policy"] = "no-referrer"
    # The library's decorator takes views of plain requests only, so it is put around the answer.
    return csp_update({"img-src": [SELF, "https:", "http:"]})(lambda _: response)(request)
