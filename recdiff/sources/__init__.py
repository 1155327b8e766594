"""Where old and new bytes come from: `git_range.open_range`, `folders.open_folders`, as a `base.Source`."""
