"""Messages with files, delivered and worked through as the workers would."""

import base64

from tests.sending import payload, post
from tickets import attachments, deliveries, fetches, reading
from tickets.models import Attachment, Delivery, Ticket


def inline(name, data, declared="application/pdf"):
    """A file in the call itself."""
    return {"name": name, "content_type": declared, "content": base64.b64encode(data).decode()}


def deliver(client, body, *files, subject="My order", name="1", headers=None, slug="desk", content=None):
    """A signed call to a ticket, its files still unread."""
    event = content or payload(ticket=name, message=f"{name}-1", body=body, attachments=list(files))
    if content is None:
        event["data"]["ticket"]["subject"] = subject
    assert post(client, slug, event, headers=headers, identifier=name).status_code == 202
    delivery = Delivery.objects.latest("pk")
    deliveries.process(delivery.pk)
    delivery.refresh_from_db()
    assert delivery.state == "done", delivery.reason
    return Ticket.objects.get(pk=delivery.ticket_id)


def work_through():
    """Fetch and read whatever waits."""
    for attachment in attachments.due():
        fetches.fetch(attachment.pk)
    for attachment in Attachment.objects.filter(state="kept"):
        reading.read(attachment.pk)


def arrive(client, body, *files, **more):
    """The same, once the documents worker has had it."""
    ticket = deliver(client, body, *files, **more)
    work_through()
    ticket.refresh_from_db()
    return ticket
