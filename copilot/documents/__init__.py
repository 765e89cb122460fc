"""What customers attach, as text and figures: PDF and images, and invoices that machines can read."""
