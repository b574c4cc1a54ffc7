"""The starter model: from picture-book scenes drawn here to an accepted inpainting pipeline."""
