"""Signing in: lock-out, sessions and their limits, second factor, single sign-on, what somebody owes first."""
