"""Training of the reader: labelled tickets and reviewed drafts to the weights of three linear models."""
