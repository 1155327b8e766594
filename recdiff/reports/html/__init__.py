"""The page: a review as one HTML file for people who would rather look than read a terminal.

It asks nothing of a network, and its Content-Security-Policy lets it ask nothing. What was recorded reaches it in two
ways only: through Jinja2's autoescape, and as JSON that the script turns into text nodes.
"""

from recdiff.reports.html.page import html

__all__ = ["html"]
