"""Training what Souffleur ships: run by `manage.py train embedder`, never by what serves."""
