"""What goes in and out: one description that checks requests, writes answers and documents both."""
