"""Turning the drivers on and off: which settings and attributes they are, where they go, and what was there before."""
