"""The keys of the review screen, in the order in which help and palette list them. Six of them stand in the footer."""

from __future__ import annotations

from textual.binding import Binding

KEYS: tuple[Binding, ...] = (
    Binding("a", "decide('accepted')", "Accept", tooltip="Accept what the cursor stands on", id="accept"),
    Binding("r", "decide('rejected')", "Reject", tooltip="Reject what the cursor stands on", id="reject"),
    Binding("n", "next(1)", "Next undecided", tooltip="Next undecided recording", id="next"),
    Binding("slash", "search", "Filter", key_display="/", tooltip="Filter by words", id="filter"),
    Binding("v", "beside", "View", tooltip="Old beside new, or in one flow", id="beside"),
    Binding("question_mark", "help", "Help", key_display="?", tooltip="What can be done here", id="help"),
    Binding("space", "next(1)", "Skip to the next undecided", show=False, id="skip"),
    Binding("N", "next(-1)", "Previous undecided recording", show=False, id="previous"),
    Binding("u", "undo", "Take the last decision back", show=False, id="undo"),
    Binding("U", "decide('')", "Make undecided again", show=False, id="undecide"),
    Binding("c", "comment", "Comment", show=False, id="comment"),
    Binding("A", "decide_all('accepted')", "Accept the branch, or all that is shown", show=False, id="accept-all"),
    Binding("R", "decide_all('rejected')", "Reject the branch, or all that is shown", show=False, id="reject-all"),
    Binding("t", "arrange", "By test, by folder, by group", show=False, id="arrange"),
    Binding("f", "filters", "To the counters, which are filters", show=False, id="filters"),
    Binding("F", "clear_filters", "All filters off", show=False, id="no-filters"),
    Binding("h", "section('hidden')", "What was hidden, with its rules", show=False, id="hidden"),
    Binding("d", "section('request-whole')", "The whole request", show=False, id="request"),
    Binding("o", "section('conversation')", "The conversation before it", show=False, id="conversation"),
    Binding("T", "section('test')", "The test's source", show=False, id="test"),
    Binding("J", "view('raw')", "Both files as they are", show=False, id="raw"),
    Binding("x", "view('text')", "The whole text", show=False, id="text"),
    Binding("s", "view('stream')", "The stream, chunk by chunk", show=False, id="stream"),
    Binding("w", "wrap", "Wrap long lines, or not", show=False, id="wrap"),
    Binding("y", "copy", "Copy", show=False, id="copy"),
    Binding("e", "edit('test')", "Open the test in $EDITOR", show=False, id="edit"),
    Binding("E", "edit('recording')", "Open the recording in $EDITOR", show=False, id="edit-recording"),
    Binding("ctrl+r,f5", "reload", "Read the range again", show=False, id="reload"),
    Binding("tab,shift+tab", "other_pane", "The other pane", show=False, id="pane"),
    Binding("escape", "back", "Back", show=False, id="back"),
    Binding("ctrl+z", "app.suspend_process", "Back to the shell for a while (fg returns)", show=False, id="suspend"),
    Binding("q", "quit", "Leave", show=False, id="quit"),
)
"""Each with an id, so that a user can bind it to another key, and a word on what it does."""

FOOTER = tuple(binding for binding in KEYS if binding.show)
WRITING = (
    Binding("enter", "", "To the list", key_display="enter"),
    Binding("escape", "", "Back", key_display="escape"),
)
"""The footer while the words of a filter are written: a letter is a letter there."""
