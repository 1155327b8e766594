"""recdiff: review re-recorded API and LLM responses, and see only the differences in meaning.

    import recdiff

    review = recdiff.review(".", "main...HEAD")
    print(review.count("meaningful"))
    print(recdiff.reports.markdown(review))

`review` and `reports` are loaded when they are first asked for: a start imports nothing.
"""

__version__ = "0.1.0"
__all__ = ["__version__", "reports", "review"]

TYPE_CHECKING = False  # typing itself would be most of this module's cost

if TYPE_CHECKING:
    from recdiff import reports
    from recdiff.api import review
else:

    def __getattr__(name: str) -> object:
        """What is not loaded yet; it is found without this from then on."""
        if name not in ("review", "reports"):
            raise AttributeError(f"module 'recdiff' has no attribute {name!r}")
        from importlib import import_module

        if name == "review":
            globals()[name] = import_module("recdiff.api").review
        else:
            import_module("recdiff.reports")
        return globals()[name]
