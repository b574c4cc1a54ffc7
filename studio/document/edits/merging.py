"""The numbers by which Qt asks commands to merge; a command of number -1 never does."""

LAYER_PROPERTIES = 1
MASK_PROPERTIES = 2
FRAME = 3
GROUP_PROPERTIES = 4
LAYER_SHIFT = 5
