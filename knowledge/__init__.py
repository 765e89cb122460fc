"""Articles, passages, indexing, retrieval. Knows no ticket."""
