"""What git calls, a module each with `main(words) -> exit code`. They parse their own words: git's are fixed.

`recdiff git enable` writes these command lines into git's settings; `recdiff git --help` describes them.
"""

from __future__ import annotations

REGISTRY = {
    "textconv": "textconv",
    "external-diff": "external_diff",
    "difftool": "difftool",
    "merge-driver": "merge_driver",
    "mergetool": "mergetool",
}
"""The word that git's settings use, and the module that answers to it."""
