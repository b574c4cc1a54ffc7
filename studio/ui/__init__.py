"""The window: prompt bar, rails, panels and what joins them to document, queue and canvas."""
