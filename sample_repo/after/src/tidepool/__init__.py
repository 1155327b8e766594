"""The visitor desk of a small marine station."""
