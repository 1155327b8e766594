"""The review screen: what to review on the left, the recording on the right; it hands news down and takes messages."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input

from recdiff.arranging import Branch, Leaf
from recdiff.decisions import point_of
from recdiff.model import FileReview
from recdiff.safe import visible
from recdiff.tui.page.making import Given, key_of, page_of
from recdiff.tui.page.overview import branch_page, empty_page, notes_page
from recdiff.tui.pages import Opened, PageOpener
from recdiff.tui.screens.deciding import Deciding, leaves
from recdiff.tui.screens.filtering import Filtering
from recdiff.tui.screens.following import Following
from recdiff.tui.screens.help import Help
from recdiff.tui.screens.keys import FOOTER, KEYS, WRITING
from recdiff.tui.screens.parts import ReviewParts
from recdiff.tui.screens.viewing import Viewing
from recdiff.tui.session import Session
from recdiff.tui.subject import Facts, Reading, Subject
from recdiff.tui.widgets.filters import FilterBar
from recdiff.tui.widgets.footer import KeyLine
from recdiff.tui.widgets.line import WrittenLine
from recdiff.tui.widgets.recording import RecordingView
from recdiff.tui.widgets.recordings import RecordingTree
from recdiff.tui.widgets.summary import Summary

NARROW = 100
"""Columns below which one pane is shown at a time."""
_EVERY = 0.05
"""Seconds between two looks at what was read."""
_REST = 0.03
"""Seconds that the cursor must rest on a row before it is opened."""
_LOOK = 2.0
"""Seconds between two looks at what other sessions decided."""


class ReviewScreen(Following, Deciding, Viewing, Filtering, ReviewParts):
    """The whole review. What it does is in its parts; here is how they hang together."""

    AUTO_FOCUS = "RecordingTree"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (NARROW, "-wide")]  # noqa: RUF012  (Textual's own declaration)
    BINDINGS: ClassVar[list[BindingType]] = [*KEYS]

    def __init__(self, subject: Subject, facts: Facts, reading: Reading, session: Session) -> None:
        super().__init__()
        self.subject = subject
        self.facts = facts
        self.session = session
        self.branches: tuple[Branch, ...] = ()
        self.entry: FileReview | None = None
        self.view_name = "meaning"
        self.wish = ""
        self.pages = PageOpener(self)
        self.reading = reading
        self._resting: Timer | None = None

    def compose(self) -> ComposeResult:
        """Summary, counters, the two panes, the footer."""
        yield Summary(id="summary")
        yield FilterBar(id="filters")
        with Horizontal(id="body"):
            with Vertical(id="list"):
                yield WrittenLine(placeholder="words in path, test or text", id="words")
                yield RecordingTree(self.session, self.enter)
            yield RecordingView(self.show_list_pane, id="page")
        yield KeyLine(FOOTER)

    def on_mount(self) -> None:
        """Show what was read already, and go on showing what comes."""
        self.query_one(Summary).label = self.session.label
        self.look_for_news()
        self.set_interval(_EVERY, self.look_for_news)
        self.set_interval(_LOOK, self.look_at_others)
        if self.session.decisions.note:
            self.tell(self.session.decisions.note, title="Decisions are not kept", severity="warning", timeout=8)

    def on_unmount(self) -> None:
        """Nothing that was started for a page outlives the screen."""
        self.pages.close()

    # The list

    def show_list(self, keep: str | None = None) -> None:
        """Arrange the list anew; the cursor stays where it can."""
        self.branches = self.session.tree()
        self.tree_view.show_tree(self.branches, keep=keep)
        self.first_row = self.first_row or self.tree_view.key_here()
        self.show_decisions()
        if not self.branches and (self.session.files or self.session.review):
            self.entry = None
            told = ("Nothing passes the filter.", "F takes all filters off.")
            page = empty_page(*told) if self.session.files else empty_page("No recordings differ any more.")
            self.view.show_page(page, lambda _: "none")

    def show_decisions(self) -> None:
        """Counters, marks, and how far the review is."""
        summary, bar = self.query_one(Summary), self.query_one(FilterBar)
        decisions = self.session.decisions
        summary.is_kept = not (decisions.note or decisions.problem)
        summary.total, summary.tally = len(self.session.files), self.session.tally()
        bar.counts, bar.wanted = self.session.counts(), self.session.wanted
        self.tree_view.border_title = f"by {self.session.by} (t)"
        self.tree_view.refresh_marks()
        self.view.refresh_marks()
        self._say_target()

    def on_recording_tree_chosen(self, message: RecordingTree.Chosen) -> None:
        """Another row: open it once the cursor rests."""
        message.stop()
        if self._resting is not None:
            self._resting.stop()
        self._resting = self.set_timer(_REST, self.open_here)

    def enter(self) -> None:
        """Into the recording under the list's cursor."""
        self.open_here()
        self.show_page_pane()
        self.set_focus(self.view)

    def go_to(self, entry: FileReview) -> bool:
        """Put the cursor on an entry's row."""
        leaf = next((leaf for leaf in leaves(self.branches) if leaf.entry is entry), None)
        return leaf is not None and self.tree_view.go_to(leaf.key, self.branches)

    def action_next(self, step: int) -> None:
        """To the next or previous recording that nobody has decided on, round the end.

        One that stands in several places is passed once, where it stands first, or in the group that one walks through.
        """
        found = leaves(self.branches)
        key = self.tree_view.key_here()
        item = self.tree_view.item_here()
        first = next(iter(leaves([item])), None) if isinstance(item, Branch) else None
        at = next((number for number, leaf in enumerate(found) if leaf.key == (first.key if first else key)), -1)
        if first is not None and step > 0:
            at -= 1
        order = [*found[at + 1 :], *found[: at + 1]] if step > 0 else [*reversed(found[:at]), *reversed(found[at:])]
        places = {id(leaf.entry): leaf.key for leaf in reversed(found)}
        home = (key or "").partition("|")[0]
        order = [leaf for leaf in order if leaf.key == places[id(leaf.entry)] or leaf.key.partition("|")[0] == home]
        target = next((leaf for leaf in order if self.session.decisions.is_open(leaf.entry)), None)
        if target is None:
            if self.reading is None and self.session.review is not None and self.session.tally().total:
                where = " of what is shown" if self.is_filtered() else ""
                self.tell(f"Everything{where} is decided.", timeout=3)
        elif self.tree_view.go_to(target.key, self.branches):
            self.open_here()

    def action_arrange(self) -> None:
        """The next arrangement; the recording under the cursor stays under it."""
        self.arrive()
        by, entry = self.session.next_arrangement(), self.entry
        self.show_list()
        if entry is not None:
            self.go_to(entry)
        if self.has_class("-narrow") and self.has_class("-page"):  # elsewhere the list's border says so
            self.tell(f"by {by}", timeout=1.5)

    # The page

    def arrive(self) -> None:
        """Open the row under the cursor now: the next key is about it, however fast it comes."""
        item = self.tree_view.item_here()
        if not self.is_in_page() and self.entry is not (item.entry if isinstance(item, Leaf) else None):
            self.open_here()

    def open_here(self) -> None:
        item = self.tree_view.item_here()
        if isinstance(item, Branch):
            self.entry = None
            review = self.session.review
            page = notes_page(item, review) if item.kind == "notes" and review else branch_page(item)
            self.view.show_page(page, lambda _: "none")
            self._say_target()
        elif isinstance(item, Leaf):
            if self.entry is None or key_of(item.entry) != key_of(self.entry):
                self.view_name, self.wish = "meaning", ""
            self.entry = item.entry
            self.show_entry()

    def show_entry(self) -> None:
        """Show the recording on show again, opened already or not."""
        entry = self.entry
        if entry is None:
            return
        given = self.pages.kept(entry)
        if given is None:
            self.pages.open(entry)
        else:
            self._show(given)

    def on_opened(self, message: Opened) -> None:
        """An entry was opened: show it, if it is still wanted."""
        message.stop()
        if self.entry is None or message.key != key_of(self.entry):
            return
        if message.given is None:
            folder = self.facts.state_folder
            is_gone = folder is not None and not Path(folder).is_dir()
            why = f"the repository is not there any more ({folder})" if is_gone else message.error
            self.view.show_page(empty_page("This recording cannot be read now.", why), lambda _: "none")
            return
        self.pages.keep(message.given)
        self._show(message.given)

    def _show(self, given: Given) -> None:
        entry = given.opened.entry
        try:
            page = page_of(given, self.view_name)
        except Exception as error:  # one page that fails leaves the others
            told = f"this is a bug in recdiff: {type(error).__name__}: {error} (please report it)"
            page = empty_page("This recording cannot be shown.", told)
        self.view.show_page(page, lambda changes: self.session.mark_of(entry, changes))
        self._say_target()
        if self.wish:
            key, self.wish = self.wish, ""
            self.action_section(key)

    def on_recording_view_moved(self, message: RecordingView.Moved) -> None:
        """Say what a decision would be about."""
        message.stop()
        self._say_target()

    def _say_target(self) -> None:
        """The page's lower border: what `a` and `r` are about, how it is decided, and the comment on it."""
        view, entry = self.view, self.entry
        if entry is None:
            view.border_subtitle = ""
            return
        changes = self.target()
        if len(changes) == 1:
            what = f"this {changes[0].change_class} change"
        else:
            what = f"these {len(changes)} changes" if changes else "the whole recording"
        mark = self.session.mark_of(entry, changes) if changes else self.session.mark(entry)
        comments = (self.session.decisions.of(point_of(entry, change).key).comment for change in changes)
        comment = next(filter(None, comments), "") if changes else self.session.decisions.comment(entry)
        told = [
            f"a r: {what}",
            "" if mark in ("none", "undecided") else mark,
            f"“{visible(comment)}”" if comment else "",
        ]
        view.border_subtitle = Content(" · ".join(filter(None, told)))

    # Panes

    def show_page_pane(self) -> None:
        """Where there is one pane at a time, show the page."""
        self.add_class("-page")

    def show_list_pane(self) -> None:
        """Back to the list."""
        self.remove_class("-page")
        self.set_focus(self.tree_view)

    def action_other_pane(self) -> None:
        """From the list to the page and back."""
        if self.is_in_page():
            self.show_list_pane()
        else:
            self.arrive()
            self.show_page_pane()
            self.set_focus(self.view)

    def action_back(self) -> None:
        """Out of a view, out of the page, out of a search; never out of the review."""
        if self.view_name != "meaning":
            self.action_view("meaning")
        elif self.focused is not self.tree_view:
            self._close_words()
            self.show_list_pane()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """What a decision is about depends on the part that has the focus; where only one has room, that is shown."""
        self.set_class(event.widget is self.view, "-page")
        self.query_one(KeyLine).bindings = WRITING if isinstance(event.widget, Input) else FOOTER
        self._say_target()

    def action_help(self) -> None:
        """The keys of the focused part, and those that work everywhere."""
        focused = self.focused
        own = [binding for binding, enabled in _bindings_of(focused) if enabled] if focused is not None else []
        names = {"RecordingTree": "In the list", "RecordingView": "In the recording", "FilterBar": "On the counters"}
        self.app.push_screen(Help(names.get(type(focused).__name__, "Here"), own, KEYS))

    def action_quit(self) -> None:
        """Leave; what could not be written is tried once more, and said."""
        problem = self.session.decisions.flush()
        unwritten = self.session.decisions.unwritten
        if problem and unwritten and not self.has_class("-warned"):
            self.add_class("-warned")
            what = f"{unwritten} decisions are" if unwritten > 1 else "1 decision is"
            self.tell(
                f"{what} in memory alone: {problem}. q again leaves without writing.",
                title="Not written", severity="error", timeout=20,
            )  # fmt: skip
            return
        if self.reading is not None:
            self.reading.stop()
        self.app.exit(return_code=0)


def _bindings_of(widget: object) -> list[tuple[Binding, bool]]:
    """The bindings of a widget's own class, in their order."""
    bindings = getattr(widget, "BINDINGS", ())
    return [(binding, True) for binding in bindings if isinstance(binding, Binding)]
