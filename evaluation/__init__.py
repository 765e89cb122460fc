"""How well each part does, on data given as a path. Imports everything, is imported by commands only."""
