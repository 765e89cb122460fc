"""What a provider says of a person, and what becomes of it here.

Invariant: an address counts only when the provider has verified it, or the administrator said that it always has.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from tickets.models import Team, User
from tickets.models.people import ORDER, Role


@dataclass(frozen=True)
class Claims:
    """The claims of one sign-in."""

    subject: str
    email: str
    username: str
    name: str
    groups: frozenset[str]

    @property
    def role(self) -> Role | None:
        """The highest role that the groups stand for; None when they stand for none."""
        roles = [Role(role) for group, role in settings.OIDC_ROLES.items() if group in self.groups]
        return max(roles, key=ORDER.index, default=None)


def read(data: dict[str, Any]) -> Claims | None:
    """The claims of an ID token and of its userinfo, which must be of the same person; None when they are not."""
    token, more = data.get("id_token") or {}, data.get("userinfo") or {}
    if not token.get("sub") or (more and more.get("sub") != token["sub"]):
        return None
    said = {**token, **more}
    email = str(said.get("email") or "").strip()
    verified = settings.OIDC_TRUSTS_EMAIL or said.get("email_verified") in (True, "true")
    groups = said.get(settings.OIDC_CLAIM) or []
    groups = [groups] if isinstance(groups, str) else groups
    return Claims(
        subject=str(said["sub"]), email=email if verified else "", name=str(said.get("name") or "").strip(),
        username=str(said.get("preferred_username") or email.partition("@")[0] or said["sub"]).strip(),
        groups=frozenset(str(group) for group in groups) if isinstance(groups, list) else frozenset(),
    )  # fmt: skip


def is_allowed(claims: Claims) -> bool:
    """Whether the address is of one of the domains that may sign in."""
    name, at, domain = claims.email.rpartition("@")
    return not settings.OIDC_DOMAINS or bool(name and at and domain.lower() in settings.OIDC_DOMAINS)


def known(claims: Claims) -> User | None:
    """The one person here with the verified address, if there is exactly one."""
    people = list(User.objects.filter(email__iexact=claims.email)[:2]) if claims.email else []
    return people[0] if len(people) == 1 else None


def fill(user: User, claims: Claims) -> None:
    """Name and address of a new person."""
    user.username = free_name(claims.username)
    user.email = claims.email
    user.first_name, _, user.last_name = claims.name.partition(" ")
    user.first_name, user.last_name = user.first_name[:150], user.last_name[:150]
    user.role = claims.role or Role.AGENT


def follow(user: User, claims: Claims) -> None:
    """Role and teams as the provider says, where the settings name any; what they do not name stays."""
    if settings.OIDC_ROLES:
        User.objects.filter(pk=user.pk).update(role=claims.role or Role.AGENT)
    for group, name in settings.OIDC_TEAMS.items():
        team = Team.objects.filter(name=name).first()
        if team is None:
            continue
        wanted = any(other in claims.groups for other, named in settings.OIDC_TEAMS.items() if named == name)
        (user.teams.add if wanted or group in claims.groups else user.teams.remove)(team)


def free_name(username: str) -> str:
    """A user name that nobody has."""
    base = "".join(letter for letter in username[:140] if letter.isalnum() or letter in "@.+-_") or "person"
    name, number = base, 1
    while User.objects.filter(username__iexact=name).exists():
        number += 1
        name = f"{base}{number}"
    return name
