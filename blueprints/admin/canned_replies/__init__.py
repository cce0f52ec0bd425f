"""Settings → Canned replies."""
