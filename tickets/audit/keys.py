"""The audit's secrets.

Invariant: what hashes texts is another key than what links rows, though both come from one setting.
"""

import hmac
from collections.abc import Sequence

from django.conf import settings


def link_keys() -> Sequence[bytes]:
    """The first makes macs; every one verifies, so that the key can be changed."""
    return list(settings.AUDIT_KEYS)


def text_key() -> bytes:
    """What hashes the texts that models are given, and names that must not be kept."""
    return hmac.digest(settings.AUDIT_KEYS[0], b"souffleur texts", "sha256")
