"""The facts of a ticket that an agent needs: found in its messages and attachments, and checked."""
