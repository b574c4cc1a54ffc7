"""The child process that runs models, and its side of the pipe."""
