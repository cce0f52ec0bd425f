"""Settings → Your data: a copy of everything, the way back in, and the end of a workspace."""
