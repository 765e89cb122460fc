"""The desk's tables, one file per idea."""

from tickets.models.draft import Citation, Confirmation, Draft
from tickets.models.gap import Asked, Gap, GapQuestion
from tickets.models.helpdesk import Delivery, Helpdesk
from tickets.models.operations import Problem, Worker
from tickets.models.people import Team, User
from tickets.models.review import Reply, Review
from tickets.models.routing import RoutingRule, TrainingRow, TriageModel
from tickets.models.summary import Summary
from tickets.models.ticket import Message, Ticket
from tickets.models.token import ApiToken

__all__ = [
    "ApiToken", "Asked", "Citation", "Confirmation", "Delivery", "Draft", "Gap", "GapQuestion", "Helpdesk", "Message",
    "Problem", "Reply", "Review", "RoutingRule", "Summary", "Team", "Ticket", "TrainingRow",
    "TriageModel", "User", "Worker",
]  # fmt: skip
