"""When an agent fetches a person, and what it remembers of people."""
