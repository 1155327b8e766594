"""A recording as a page: sections of blocks, made from an opened entry, laid out for a width. No widget lives here."""
