"""How a style sheet's component looks on a widget: its colours laid over the widget's own, shades and all."""

from __future__ import annotations

from rich.style import Style
from textual.widget import Widget


def face(widget: Widget, component: str) -> Style:
    """The style of a component class: what its rules say and nothing else, so that it can be laid over another.

    Textual's own partial style takes a shade (`$foreground 60%`, `$text-muted`) for the full colour.
    """
    styles = widget.get_component_styles(component)
    _, behind = widget.background_colors
    has_background = styles.has_rule("background")
    background = behind + styles.background if has_background else behind
    colour = None
    if styles.auto_color:
        colour = background + background.get_contrast_text(styles.color.a)
    elif styles.has_rule("color"):
        colour = background + styles.color
    shape = Style(
        color=colour.rich_color if colour else None, bgcolor=background.rich_color if has_background else None
    )
    return shape + styles.text_style


class Faces(dict[str, Style]):
    """The faces of a widget's component classes by their short names, looked up once; plain for a name it has not.

    To be cleared when the widget is told of another style sheet or theme.
    """

    def __init__(self, widget: Widget, prefix: str) -> None:
        super().__init__()
        self._widget = widget
        self._prefix = prefix

    def __missing__(self, name: str) -> Style:
        component = f"{self._prefix}--{name}"
        self[name] = face(self._widget, component) if component in self._widget.COMPONENT_CLASSES else Style()
        return self[name]
