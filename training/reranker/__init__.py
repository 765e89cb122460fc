"""Training a reranker: from the embedder's weights to a model that reads a question and a passage together."""
