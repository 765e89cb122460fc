"""Where articles come from: one file per kind of source, all yielding `Document`s."""
