"""Pictures → screen texts: only frames that changed are read, and text that stays is one record."""
