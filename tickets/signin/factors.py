"""Second factors: who has one, and taking it away from somebody who lost it."""

from allauth.mfa.models import Authenticator

from tickets.models import User


def has_second(user: User) -> bool:
    """Whether signing in asks for a code."""
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())


def codes_left(user: User) -> int:
    """Recovery codes that were not used yet."""
    row = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return len(row.wrap().get_unused_codes()) if row else 0


def reset(user: User) -> bool:
    """Take away the second factor and its recovery codes; whether there was one."""
    return bool(Authenticator.objects.filter(user=user).delete()[0])
