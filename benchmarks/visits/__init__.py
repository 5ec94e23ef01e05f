"""What visitors of the dashboard wait for, piece by piece."""
