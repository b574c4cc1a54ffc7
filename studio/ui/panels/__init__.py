"""The right column: layers, masks, queue."""
