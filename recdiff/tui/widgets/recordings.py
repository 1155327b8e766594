"""The left side: what to review, as a tree; a mark, a name that a person recognises, and what changed on each row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Tree
from textual.widgets.tree import TreeNode

from recdiff.arranging import Branch, Leaf
from recdiff.filtering import classes_of
from recdiff.model import CLASSES, level_of
from recdiff.safe import cells, visible
from recdiff.tui.session import Progress, Session
from recdiff.tui.widgets.faces import Faces
from recdiff.tui.widgets.recording import MARKS
from recdiff.tui.widgets.rows import beside, fitted

Item = Branch | Leaf

_FOLDED = frozenset(("groups", "added", "removed", "minor", "noise"))
"""Branches that open on a key press alone."""
_SIGNS = {"added": "+", "removed": "−", "unreadable": "!"}
_LEAST_TITLE = 22
"""Columns that a title keeps before anything else is shown beside it."""


class RecordingTree(Tree[Item], inherit_bindings=False):  # Textual's space would toggle
    """The tree of recordings. It is rebuilt for each arrangement; the cursor and what is open stay by their keys."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *(f"recordings--{name}" for name in (*CLASSES, "accepted", "rejected", "faint", "mark", "branch")),
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "cursor_up", "Up", show=False),
        Binding("down,j", "cursor_down", "Down", show=False),
        Binding("pageup", "page_up", "Page up", show=False),
        Binding("pagedown", "page_down", "Page down", show=False),
        Binding("home,g", "scroll_home", "Top", show=False),
        Binding("end,G", "scroll_end", "End", show=False),
        Binding("enter", "select_cursor", "Open the recording, or the branch", show=False),
        Binding("left", "close_or_leave", "Close, or up to the parent", show=False),
        Binding("right", "open_or_enter", "Open, or into the recording", show=False),
    ]

    class Chosen(Message):
        """The cursor came to a row."""

        def __init__(self, item: Item) -> None:
            super().__init__()
            self.item = item

    def __init__(self, session: Session, enter: Callable[[], None]) -> None:
        """`enter` is called, not sent as a message, for the next key is about the recording, however fast it comes."""
        super().__init__("", id="recordings")
        self.show_root = False
        self.guide_depth = 2
        self.show_guides = False
        self.auto_expand = False
        self._session = session
        self._enter = enter
        self._open: dict[str, bool] = {}
        self._rows: dict[str, TreeNode[Item]] = {}
        self._left: dict[str, Progress] = {}
        self._faces = Faces(self, "recordings")

    # What is shown

    def show_tree(self, branches: Sequence[Branch], *, keep: str | None = None) -> None:
        """Show these branches; the cursor stays on its row, or goes to the one that is named, or near where it was."""
        key, line = keep or self.key_here(), max(self.cursor_line, 0)
        with self.prevent(Tree.NodeHighlighted), self.app.batch_update():
            self.clear()
            self._rows, self._left = {}, {}
            for branch in branches:
                self._add(self.root, branch)
            self.root.expand()
        node = self._rows.get(key or "")
        if node is None and key is not None and (hidden := self._parents_of(branches, key)):
            node = self._reach(hidden, key)
        if node is not None:
            self._put_cursor(node)
        elif self.last_line >= 0:
            self.cursor_line = min(line, self.last_line)
        self._tell()

    def key_here(self) -> str | None:
        """The key of the row under the cursor."""
        item = self.item_here()
        return item.key if item else None

    def item_here(self) -> Item | None:
        """The branch or leaf under the cursor."""
        return self.cursor_node.data if self.cursor_node else None

    def go_to(self, key: str, branches: Sequence[Branch]) -> bool:
        """Put the cursor on a row, opening what it stands in; False where there is none."""
        node = self._rows.get(key) or self._reach(self._parents_of(branches, key), key)
        if node is None:
            return False
        self._put_cursor(node)
        self.scroll_to_node(node, animate=False)
        self.call_after_refresh(self._settle)
        return True

    def _settle(self) -> None:
        """A row that is on the list's first screen is shown there, also where the list had no size yet before."""
        if self.cursor_line < self.scrollable_content_region.height:
            self.scroll_to(y=0, animate=False, force=True)

    def _put_cursor(self, node: TreeNode[Item]) -> None:
        if self.last_line >= 0:  # asking makes the lines, without which a new node has no place
            self.move_cursor(node)

    def refresh_marks(self) -> None:
        """Something was decided: draw the rows anew."""
        self._left = {}
        self._clear_line_cache()
        self.refresh()

    def _add(self, parent: TreeNode[Item], item: Item) -> None:
        if isinstance(item, Leaf):
            self._rows[item.key] = parent.add_leaf("", item)
            return
        is_open = self._open.get(item.key, item.kind not in _FOLDED and parent is self.root)
        node = self._rows[item.key] = parent.add("", item, expand=is_open)
        if is_open:
            self._fill(node)

    def _fill(self, node: TreeNode[Item]) -> None:
        """The rows of a branch are made when it is opened: hundreds of recordings are noise that nobody opens."""
        if not node.children and isinstance(node.data, Branch):
            for child in node.data.children:
                self._add(node, child)

    def _parents_of(self, branches: Sequence[Item], key: str) -> list[str]:
        """The branches that a row stands in, from the top."""
        for item in branches:
            if isinstance(item, Branch):
                if any(child.key == key for child in item.children):
                    return [item.key]
                deeper = self._parents_of(item.children, key)
                if deeper:
                    return [item.key, *deeper]
        return []

    def _reach(self, parents: Sequence[str], key: str) -> TreeNode[Item] | None:
        for parent in parents:
            node = self._rows.get(parent)
            if node is not None:
                self._fill(node)
                node.expand()
        return self._rows.get(key)

    def on_tree_node_expanded(self, event: Tree.NodeExpanded[Item]) -> None:
        """Remember what is open, and fill it."""
        event.stop()
        if event.node.data is not None:
            self._open[event.node.data.key] = True
            self._fill(event.node)

    def on_tree_node_collapsed(self, event: Tree.NodeCollapsed[Item]) -> None:
        """Remember what is closed."""
        event.stop()
        if event.node.data is not None:
            self._open[event.node.data.key] = False

    def on_tree_node_highlighted(self, event: Tree.NodeHighlighted[Item]) -> None:
        """The cursor moved."""
        event.stop()
        self._tell()

    def on_tree_node_selected(self, event: Tree.NodeSelected[Item]) -> None:
        """Enter or a click: into a recording, or a branch opens and closes."""
        event.stop()
        if _is_end(event.node.data):
            self._enter()
        else:
            event.node.toggle()

    def _tell(self) -> None:
        item = self.item_here()
        if item is not None:
            self.post_message(self.Chosen(item))

    def action_select_cursor(self) -> None:
        """Into a recording at once; a branch opens or closes."""
        if _is_end(self.item_here()):
            self._enter()
        else:
            super().action_select_cursor()

    def action_close_or_leave(self) -> None:
        """Close a branch; from a leaf or a closed branch, go up."""
        node = self.cursor_node
        if node is not None and node.children and node.is_expanded:
            node.collapse()
        elif node is not None and node.parent is not None and node.parent is not self.root:
            self.move_cursor(node.parent)

    def action_open_or_enter(self) -> None:
        """Open a branch; from an open one, go to its first row; from a leaf, into the recording."""
        node = self.cursor_node
        if node is None:
            return
        if _is_end(node.data):
            self._enter()
        elif not node.is_expanded:
            node.expand()
        elif node.children:
            self.move_cursor(node.children[0])

    # Rows

    def get_label_width(self, node: TreeNode[Item]) -> int:
        """Rows are cut to the width there is: the tree never scrolls sideways."""
        del node
        return 1

    def render_label(self, node: TreeNode[Item], base_style: Style, style: Style) -> Text:
        """One row, exactly as wide as there is room."""
        del base_style
        item = node.data
        depth = sum(1 for _ in _above(node)) - 1
        room = max(self.scrollable_content_region.width - depth * self.guide_depth, 12)
        if item is None:
            return Text("")
        left, right = self._branch(node, item) if isinstance(item, Branch) else self._leaf(item, room)
        width = max(room - (right.cell_len + 1 if right.cell_len else 0), 4)
        siblings = node.parent.children if node.parent is not None else ()
        others = (visible(other.data.title) for other in siblings if other is not node and other.data is not None)
        title = fitted(visible(item.title), width - left.cell_len, others)
        left.append(title, self._title_face(item))
        left.truncate(width, overflow="ellipsis", pad=True)
        row = Text.assemble(left, " " if right.cell_len else "", right, style=style, no_wrap=True, end="")
        if node is self.cursor_node:
            row = Text(row.plain, style=style, no_wrap=True, end="")  # colours of a class fade on the cursor's own
        row.truncate(room)
        return row

    def _branch(self, node: TreeNode[Item], branch: Branch) -> tuple[Text, Text]:
        """What stands before a branch's title, and after it."""
        if branch.kind == "notes":
            return Text(), Text()
        before = Text("▾ " if node.is_expanded else "▸ ")
        if branch.group is not None:
            name = branch.group.change_class
            before.append(f"{name} ", self._faces[name])
        if branch.key not in self._left:
            self._left[branch.key] = self._session.progress(branch)
        left, total, rejected = self._left[branch.key]
        told = f"{total - left}/{total}" if left else "" if rejected or not total else "✓"
        right = Text.assemble(
            (f"{MARKS['rejected']} {rejected}" if rejected else "", self._faces["rejected"]),
            " " if rejected and told else "",
            (told, self._faces["faint"] if left else self._faces["accepted"]),
        )
        return before, right

    def _title_face(self, item: Item) -> Style:
        if isinstance(item, Leaf) or item.group is not None:
            return Style()
        if item.kind == "notes":
            return self._faces["mark" if item.key == "notes" else "faint"]
        return self._faces["branch"]

    def _leaf(self, leaf: Leaf, room: int) -> tuple[Text, Text]:
        """What stands before a recording's title, and after it."""
        entry = leaf.entry
        mark = self._session.mark(entry)
        sign = _SIGNS.get(entry.status, "")
        before = Text.assemble(
            (f"{MARKS[mark]} ", self._faces[mark] if mark in ("accepted", "rejected") else Style()),
            (f"{sign} " if sign else "", self._faces["mark"]),
        )
        right = Text()
        there = classes_of(entry)
        names = [name for name in CLASSES if name in there and level_of(name) == "meaningful"]
        names = names or [name for name in CLASSES if name in there]
        counts = Counter(change.change_class for change in entry.changes)
        for index, name in enumerate(names):
            count = f" {counts[name]}" if counts[name] > 1 else ""
            more = f"+{len(names) - index}"
            if right.cell_len + len(name) + len(count) + 1 > room - max(_LEAST_TITLE, room * 3 // 5):
                right.append(f" {more}", self._faces["faint"])
                break
            right.append(f"{' ' if index else ''}{name}{count}", self._faces[name])
        if self._session.decisions.comment(entry):
            right.append(f"{' ' if right.plain else ''}“”", self._faces["mark"])
        told = beside(leaf, room - before.cell_len - cells(visible(leaf.title)) - right.cell_len - 4)
        if told:
            right = Text.assemble((f"{told}  ", self._faces["faint"]), right)
        return before, right

    def notify_style_update(self) -> None:
        """Another theme."""
        self._faces.clear()
        super().notify_style_update()

    def on_resize(self, event: events.Resize) -> None:
        """Rows depend on the width."""
        del event
        self._clear_line_cache()


def _is_end(item: Item | None) -> bool:
    """Whether there is a page to go into, and nothing to open."""
    return isinstance(item, Leaf) or (item is not None and item.kind == "notes")


def _above(node: TreeNode[Item]) -> Iterator[TreeNode[Item]]:
    while node.parent is not None:
        yield node.parent
        node = node.parent
