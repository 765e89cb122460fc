"""Words and sentences of English and French. A leaf: it imports nothing of ours."""
