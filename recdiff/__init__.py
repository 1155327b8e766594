"""recdiff: review re-recorded API and LLM responses, and see only the differences in meaning."""

__version__ = "0.1.0"
