"""One adapter for each kind of model that truly differs."""
