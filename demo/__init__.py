"""`make demo`: the whole product on one machine, with a sample world or one's own articles and tickets."""
