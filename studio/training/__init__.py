"""Training of the models that the studio makes itself; never imported by the window."""
