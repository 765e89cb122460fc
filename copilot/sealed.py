"""Encryption at rest: Fernet, the first key encrypts, every key decrypts (so that keys can be rotated)."""

import base64
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models


class CannotDecrypt(RuntimeError):
    """No configured key opens this value: a key was removed before its values were rewritten."""


def _box() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.ENCRYPTION_KEYS])


def seal(plain: str) -> str:
    """Encrypt; an empty string stays empty, so that "not set" can be seen without a key."""
    return _box().encrypt(plain.encode()).decode() if plain else ""


def unseal(sealed: str) -> str:
    """Decrypt what `seal` made; raises CannotDecrypt."""
    if not sealed:
        return ""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise CannotDecrypt("none of SOUFFLEUR_ENCRYPTION_KEYS opens this value") from error


class SealedTextField(models.TextField):  # type: ignore[type-arg]
    """A text column that is encrypted in the database and plain in Python. Cannot be filtered on."""

    def get_prep_value(self, value: Any) -> Any:
        """Encrypt on the way in."""
        return None if value is None else seal(str(value))

    def from_db_value(self, value: str | None, expression: object, connection: object) -> str | None:
        """Decrypt on the way out."""
        return None if value is None else unseal(value)


def seal_bytes(plain: bytes) -> bytes:
    """Encrypt; without the base64 around it, which would cost a third more."""
    return base64.urlsafe_b64decode(_box().encrypt(plain))


def unseal_bytes(sealed: bytes) -> bytes:
    """Decrypt what `seal_bytes` made; raises CannotDecrypt."""
    try:
        return _box().decrypt(base64.urlsafe_b64encode(sealed))
    except InvalidToken as error:
        raise CannotDecrypt("none of SOUFFLEUR_ENCRYPTION_KEYS opens this value") from error


class SealedBinaryField(models.BinaryField):  # type: ignore[type-arg]
    """Bytes that are encrypted in the database and plain in Python. Cannot be filtered on."""

    def get_prep_value(self, value: Any) -> Any:
        """Encrypt on the way in."""
        return None if value is None else seal_bytes(bytes(value))

    def from_db_value(self, value: bytes | memoryview | None, expression: object, connection: object) -> bytes | None:
        """Decrypt on the way out."""
        return None if value is None else unseal_bytes(bytes(value))
