"""How well private values are masked: reading gold, finding, scoring, and rivals on the same texts."""
