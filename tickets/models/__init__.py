"""The desk's tables, one file per idea."""

from tickets.models.draft import Citation, Confirmation, Draft
from tickets.models.helpdesk import Delivery, Helpdesk
from tickets.models.operations import Problem, Worker
from tickets.models.people import Team, User
from tickets.models.review import Reply, Review
from tickets.models.routing import RoutingRule, TrainingRow, TriageModel
from tickets.models.ticket import Message, Ticket

__all__ = [
    "Citation", "Confirmation", "Delivery", "Draft", "Helpdesk", "Message", "Problem", "Reply", "Review", "RoutingRule",
    "Team", "Ticket", "TrainingRow", "TriageModel", "User", "Worker",
]  # fmt: skip
