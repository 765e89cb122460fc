"""A long ticket in a few lines, each of which is the words of one message."""
