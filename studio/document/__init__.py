"""What the artist edits: layers, masks, frame and history; QtCore and QtGui, no widgets."""
