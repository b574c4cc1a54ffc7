"""Questions and small forms, opened without stopping the window."""
