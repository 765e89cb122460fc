"""Training the tagger of names and addresses (`manage.py train names`). Serving imports nothing from here."""
