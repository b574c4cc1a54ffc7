"""The project file `name.sfumato`: a SQLite database in which a gesture is a transaction. No Qt."""
