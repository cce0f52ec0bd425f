"""Settings → Tags."""
