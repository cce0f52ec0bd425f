"""Settings → Connections: the servers whose tools an agent may use."""
