"""The one way out: every HTTP request of the product is made by a client from here.

Invariant: a request to an address that is not on its list is never sent, whoever asks and however it was redirected.
A test holds that no other file of the product makes an HTTP client.
"""

from copilot.egress.client import NotListed, check, client
from copilot.egress.listed import Listed, at, site
from copilot.egress.origins import Origin
from copilot.egress.uses import Use, observe

__all__ = ["Listed", "NotListed", "Origin", "Use", "at", "check", "client", "observe", "site"]
