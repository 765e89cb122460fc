"""The one door for helpdesks.

Invariant: what is answered with 202 is committed. Nothing else happens in the request: a helpdesk gives up after
five seconds, and some call only once.
"""

import logging

from django.conf import settings
from django.db import OperationalError, transaction
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from tickets import tasks
from tickets.helpdesks import dialect
from tickets.helpdesks.base import BadSignature
from tickets.models import Delivery, Helpdesk
from tickets.wake import wake

log = logging.getLogger(__name__)


@csrf_exempt  # a helpdesk has no cookie; its signature is the proof
@require_POST
def receive(request: HttpRequest, slug: str) -> JsonResponse:
    """202 once the call is kept, 200 when it was kept before, 401, 404, 413, or 503 when the database is away."""
    try:
        return _receive(request, slug)
    except OperationalError:
        log.exception("a webhook could not be kept: the database is not reachable")
        return _answer(503, "not kept, send it again later", {"Retry-After": "30"})


def _receive(request: HttpRequest, slug: str) -> JsonResponse:
    if _declared_length(request) > settings.WEBHOOK_MAX_BYTES:
        return _answer(413, f"more than {settings.WEBHOOK_MAX_BYTES} bytes")
    body = request.read(settings.WEBHOOK_MAX_BYTES + 1)  # a chunked body declares no length
    if len(body) > settings.WEBHOOK_MAX_BYTES:
        return _answer(413, f"more than {settings.WEBHOOK_MAX_BYTES} bytes")
    helpdesk = Helpdesk.objects.filter(slug=slug, is_active=True).first()
    if helpdesk is None:
        return _answer(404, "no such helpdesk, or it is switched off")
    try:
        dialect(helpdesk.dialect).verify(helpdesk.webhook_secret, request.headers, body)
    except BadSignature as error:
        log.warning("webhook for %s refused: %s", helpdesk.slug, error)
        return _answer(401, "the signature is not valid")
    return _keep(helpdesk, request, body)


def _declared_length(request: HttpRequest) -> int:
    length = request.headers.get("Content-Length", "")
    return int(length) if length.isdigit() else 0


def _keep(helpdesk: Helpdesk, request: HttpRequest, body: bytes) -> JsonResponse:
    name = dialect(helpdesk.dialect).delivery_id(request.headers, body)[:200]
    with transaction.atomic():
        delivery, created = Delivery.objects.get_or_create(helpdesk=helpdesk, external_id=name, defaults={"body": body})
        if created:
            wake(tasks.process_delivery, delivery.pk)
    return _answer(202, "kept") if created else _answer(200, "kept before")


def _answer(status: int, detail: str, headers: dict[str, str] | None = None) -> JsonResponse:
    return JsonResponse({"detail": detail}, status=status, headers=headers)
