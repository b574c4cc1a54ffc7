"""What the model sees of a picture, and how its answer comes back without an edge; numpy only."""
