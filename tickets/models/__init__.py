"""The desk's tables, one file per idea."""

from tickets.models.attachment import Attachment, AttachmentContent
from tickets.models.audit import AuditCheck, AuditEntry, AuditHead
from tickets.models.destination import Destination
from tickets.models.draft import Citation, Confirmation, Draft
from tickets.models.erasure import CountedDraft, Erasure, RetentionRule
from tickets.models.fields import FieldDefinition, FieldReport, FieldValue
from tickets.models.gap import Asked, Gap, GapQuestion
from tickets.models.helpdesk import Delivery, Helpdesk
from tickets.models.learning import IntentChange, LabelReport, Learning, Question, TrainingRun
from tickets.models.operations import Problem, Worker
from tickets.models.people import Team, User
from tickets.models.placement import Move, WriteBack
from tickets.models.redaction import Redaction, RedactionRule
from tickets.models.review import Reply, Review
from tickets.models.routing import TrainingRow, TrainingVector, TriageModel
from tickets.models.rule import BusinessHours, RoutingRule
from tickets.models.signin import FailedSignIns, Session
from tickets.models.summary import Summary
from tickets.models.ticket import Message, Ticket
from tickets.models.token import ApiToken

__all__ = [
    "ApiToken",
    "Asked",
    "Attachment",
    "AttachmentContent",
    "AuditCheck",
    "AuditEntry",
    "AuditHead",
    "BusinessHours",
    "Citation",
    "Confirmation",
    "CountedDraft",
    "Delivery",
    "Destination",
    "Draft",
    "Erasure",
    "FailedSignIns",
    "FieldDefinition",
    "FieldReport",
    "FieldValue",
    "Gap",
    "GapQuestion",
    "Helpdesk",
    "IntentChange",
    "LabelReport",
    "Learning",
    "Message",
    "Move",
    "Problem",
    "Question",
    "Redaction",
    "RedactionRule",
    "Reply",
    "RetentionRule",
    "Review",
    "RoutingRule",
    "Session",
    "Summary",
    "Team",
    "Ticket",
    "TrainingRow",
    "TrainingRun",
    "TrainingVector",
    "TriageModel",
    "User",
    "Worker",
    "WriteBack",
]
