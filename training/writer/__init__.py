"""Training the bundled writer: a small encoder-decoder that turns needs and numbered facts into a reply."""
