"""The Django project and the model layer: text in, text out. Knows no ticket table."""
