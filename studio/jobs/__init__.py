"""Jobs: the link to the engine process and the queue of generations; QtCore only."""
