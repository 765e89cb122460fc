"""The desk: inbox, pipeline, review, outbox, insights, and the pages people see."""
