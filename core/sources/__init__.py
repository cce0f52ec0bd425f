"""Where an agent reads what nobody wrote as a question and its answer: pages, files and texts."""
