"""Speech → utterances: voice detection first, then an engine from a folder that the user names."""
