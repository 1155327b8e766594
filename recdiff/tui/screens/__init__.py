"""The review screen and what opens above it, each with its style sheet beside it."""
