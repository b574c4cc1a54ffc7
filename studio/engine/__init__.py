"""Running models: torch and diffusers behind plain values; no Qt, no pipe."""
