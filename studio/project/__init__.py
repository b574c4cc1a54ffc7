"""Projects: one file in which every gesture is safe, and what keeps a document in it."""
