"""The pages of the review screen, tested without a terminal."""
