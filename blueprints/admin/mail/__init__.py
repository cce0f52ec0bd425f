"""Settings → E-mail."""
