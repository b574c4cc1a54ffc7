"""Values that the GUI process and the engine process share; standard library and numpy only."""
