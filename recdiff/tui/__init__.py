"""The review in a terminal: a list of what to review, the recording beside it, and decisions. Textual loads in here."""
