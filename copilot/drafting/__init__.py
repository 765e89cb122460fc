"""Evidence and ticket text to a Draft: sentences, each claim with a checked citation. Knows no database."""
