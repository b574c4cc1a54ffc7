"""The canvas: the view of the document, its overlays and the tools."""
