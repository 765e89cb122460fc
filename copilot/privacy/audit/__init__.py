"""The audit's chain as such: rows, the walk along them, and signed heads. Knows no database."""
