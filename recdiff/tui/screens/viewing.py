"""Looking: the other views of a recording, its sections by their keys, the editor, the clipboard."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from recdiff.jsonvalue import Json
from recdiff.reports.values import pretty
from recdiff.safe import visible
from recdiff.tui.editor import edit
from recdiff.tui.page.making import VIEWS, View
from recdiff.tui.pages import PageOpener
from recdiff.tui.subject import Facts

if TYPE_CHECKING:
    from recdiff.tui.screens.parts import ReviewParts as Parts
else:
    Parts = object

_MOST_COPIED = 1_000_000
"""Characters that are handed to a terminal's clipboard."""


class Viewing(Parts):
    """The actions of the review screen that change what is looked at, and nothing else."""

    pages: PageOpener
    facts: Facts
    wish: str
    """The section that was asked for while its page was on its way."""

    def action_view(self, name: str) -> None:
        """Another view of the recording; the same key goes back to what changed in meaning."""
        self.arrive()
        if self.entry is None:
            self.tell("Choose a recording first: this row stands for several.")
            return
        found: View = next((view for view in VIEWS if view == name), "meaning")
        self.view_name = "meaning" if self.view_name == found else found
        self.show_entry()
        if self.view_name != "meaning":
            self.show_page_pane()
            self.set_focus(self.view)

    def action_beside(self) -> None:
        """Old beside new, or in one flow."""
        self.view.set_shape(is_beside=not self.view.is_beside)
        told = "side by side" if self.view.is_beside else "unified"
        if self.view.is_beside and not self.view.has_two_sides:
            told += ", once the page is wider"
        self.tell(told, timeout=1.5)

    def action_wrap(self) -> None:
        """Wrap long lines, or not."""
        self.view.set_shape(is_wrapped=not self.view.is_wrapped)
        self.tell("long lines wrapped" if self.view.is_wrapped else "long lines as they are", timeout=1.5)

    def action_section(self, key: str) -> None:
        """Open a section of the page and go there, or fold it; of a recording that is being opened, once it is."""
        self.arrive()
        if self.entry is None:
            self.tell("Choose a recording first: this row stands for several.")
            return
        if not self.is_on_show():
            self.wish = key
            return
        if self.view_name != "meaning":
            self.view_name = "meaning"
            self.show_entry()
        alone = {"request-whole": "request"}.get(key, key)  # what a recording without another side has instead
        if self.view.toggle_section(key) or self.view.toggle_section(alone):
            self.show_page_pane()
            self.set_focus(self.view)
        else:
            missing = {"test": "The test's source is not here: no such file or function on the new side."}
            self.tell(missing.get(key, "This recording has no such part."))

    def action_copy(self) -> None:
        """Copy: in the page what the cursor stands on, in the list the recording's path."""
        self.arrive()
        changes = self.target()
        if len(changes) == 1:
            value: Json = changes[0].old if changes[0].kind == "removed" else changes[0].new
            text, what = pretty(value), "the value"
        elif self.is_in_page():
            text, what = self.view.text_here(), "the line"
        elif self.entry is not None:
            text, what = self.entry.path, "the path"
        else:
            item = self.tree_view.item_here()
            text, what = item.title if item else "", "the title"
        if len(text) > _MOST_COPIED:
            self.tell(f"too long for a clipboard: {len(text):,} characters", severity="warning")
            return
        self.app.copy_to_clipboard(text.encode("utf-8", "backslashreplace").decode("utf-8"))
        self.tell(f"copied {what}", timeout=2)

    def action_edit(self, what: str) -> None:
        """Open the test, or the recording, in the user's editor."""
        self.arrive()
        root = self.facts.work_tree
        if self.entry is None or root is None:
            self.tell("No file to open: choose a recording, in a work tree.")
            return
        given = self.pages.kept(self.entry)
        line, path = 1, self.entry.path
        if what == "test" and given is not None and given.function is not None:
            path, line = given.function.path, given.function.first_line
        file = Path(root, path)
        if not file.is_file():
            self.tell(f"{visible(path)} is not in the work tree", severity="warning")
            return
        try:
            with self.app.suspend():
                problem = edit(file, line, no_color=self.app.no_color)
        except SuspendNotSupported:
            problem = "this terminal cannot be handed to an editor"
        except ValueError as error:
            problem = f"the words of $VISUAL or $EDITOR cannot be told apart: {error}"
        self.refresh(repaint=True)
        if problem:
            self.tell(problem, severity="error")

    def show_page_pane(self) -> None:
        """Where there is one pane at a time, show the page."""
        raise NotImplementedError
