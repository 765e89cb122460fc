"""What became of the drafts, for managers."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tickets.access import PersonRequest, role_required
from tickets.forms import PeriodForm
from tickets.insights import compute
from tickets.models import Review
from tickets.models.people import Role
from tickets.views import plots


@role_required(Role.MANAGER)
@require_safe
def insights(request: PersonRequest) -> HttpResponse:
    """Numbers and plots; a filter that cannot be read is left out rather than refused."""
    form = PeriodForm(request.GET)
    form.is_valid()
    weeks, team = form.cleaned_data.get("weeks") or 8, form.cleaned_data.get("team")
    numbers = compute(weeks, team)
    labels = dict(Review.Reason.choices)
    values = {
        "form": PeriodForm(initial={"weeks": weeks, "team": team}, label_suffix=""),
        "numbers": numbers,
        "weeks": plots.columns(numbers.weeks),
        "intents": plots.rows(numbers.intents[:12]),
        "kinds": plots.kinds(),
        "reasons": plots.lengths([(labels.get(reason, reason), count) for reason, count in numbers.reasons]),
    }
    return render(request, "insights.html", values)
