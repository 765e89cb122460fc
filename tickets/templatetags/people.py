"""What a session's browser calls itself, in two words."""

from django import template

register = template.Library()
# The first that is named counts: Edge names Chrome, Chrome names Safari.
BROWSERS = {"Edg/": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "Linux": "Linux",
}


@register.filter
def browser(agent: str) -> str:
    """`Firefox, Linux` for the long line that a browser sends; empty when it names neither."""
    found = (next((name for mark, name in kind.items() if mark in agent), "") for kind in (BROWSERS, SYSTEMS))
    return ", ".join(name for name in found if name)
