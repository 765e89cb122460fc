"""What a ticket is about: its intent with a calibrated confidence, whether we know that intent at all, its urgency."""
