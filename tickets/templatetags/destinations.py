"""What is sent to a destination, in words."""

from django import template
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def sent(purpose: str) -> str:
    """What a request for `purpose` carries."""
    articles = _("Requests for articles, with the source’s token if it has one. Nothing of any ticket.")
    return {
        "reply": _("Replies that a person approved, with the requester’s address and the ticket’s subject and number."),
        "placement": _("A ticket’s number with its team, its priority and its tags."),
        "attachment": _("Requests for files of messages, with the helpdesk’s token. Nothing of any ticket but ids."),
        "sign-in": _("The sign-in of your people: their browser’s code, for who they are. Nothing of any ticket."),
    }.get(purpose, articles)
