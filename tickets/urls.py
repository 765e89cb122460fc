"""The desk's addresses."""

from django.urls import path
from django.views.i18n import set_language

from tickets import webhooks
from tickets.views import account, admin, desk, drafts, health, insights, knowledge, translations, triage

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("queue/", desk.queue, name="queue"),
    path("tickets/<int:pk>/", desk.ticket, name="ticket"),
    path("tickets/<int:pk>/intent/", triage.set_intent, name="set_intent"),
    path("tickets/<int:pk>/assign/", triage.assign, name="assign"),
    path("drafts/<int:pk>/panel/", drafts.panel, name="draft_panel"),
    path("drafts/<int:pk>/approve/", drafts.approve, name="approve"),
    path("drafts/<int:pk>/reject/", drafts.reject, name="reject"),
    path("drafts/<int:pk>/regenerate/", drafts.regenerate, name="regenerate"),
    path("drafts/<int:pk>/sentences/<int:sentence>/confirm/", translations.confirm, name="confirm_translation"),
    path("drafts/<int:pk>/sentences/<int:sentence>/unconfirm/", translations.take_back, name="unconfirm_translation"),
    path("replies/<int:pk>/resend/", drafts.resend, name="resend"),
    path("reviews/<int:pk>/undo/", drafts.undo, name="undo"),
    path("knowledge/", knowledge.articles, name="knowledge"),
    path("knowledge/embedder/", knowledge.embedder, name="embedder"),
    path("articles/<int:pk>/", knowledge.article, name="article"),
    path("articles/<int:pk>/v<int:number>/", knowledge.version, name="article_version"),
    path("insights/", insights.insights, name="insights"),
    path("admin/helpdesks/", admin.helpdesks, name="helpdesks"),
    path("admin/deliveries/", admin.deliveries, name="deliveries"),
    path("admin/deliveries/<int:pk>/replay/", admin.replay, name="replay"),
    path("admin/rules/", admin.rules, name="rules"),
    path("admin/rules/<int:pk>/delete/", admin.delete_rule, name="delete_rule"),
    path("admin/rules/<int:pk>/move/", admin.move_rule, name="move_rule"),
    path("preferences/", account.preferences, name="preferences"),
    path("login/", account.sign_in, name="login"),
    path("logout/", account.sign_out, name="logout"),
    path("language/", set_language, name="set_language"),
    path("healthz/", health.healthz, name="healthz"),
    path("webhooks/<slug:slug>/", webhooks.receive, name="webhook"),
]
