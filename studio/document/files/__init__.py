"""Pictures and their settings in files; no Qt, so that it may run in any thread or process."""
