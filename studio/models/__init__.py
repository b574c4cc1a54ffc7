"""Models: what lies in a file or folder, and which ones are installed; nothing is executed."""
