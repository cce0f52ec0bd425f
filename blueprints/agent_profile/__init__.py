"""What shops read of us before they lend their tools."""
