"""The tools of the canvas, one file each."""
