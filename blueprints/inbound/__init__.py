"""What other services call: mail that comes in."""
