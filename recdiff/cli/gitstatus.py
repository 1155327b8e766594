"""`recdiff git status`, in words."""

from __future__ import annotations

from recdiff.cli import output
from recdiff.drivers.setup.finding import recordings_in
from recdiff.drivers.setup.place import place_of
from recdiff.drivers.setup.standing import Part, covered, missing_settings, parts
from recdiff.errors import GitError
from recdiff.reports.paint import Paint
from recdiff.safe import visible


def report() -> int:
    """Print the state of every driver and of the attributes; 1 where something is broken or half there."""
    paint = Paint(output.has_colour("auto"))
    found = parts()
    for part in found:
        output.write(_line(part, paint))
    broken = [part for part in found if part.problem]
    is_on = any(part.is_on for part in found)
    lacking = missing_settings() if is_on else ()
    named = _attributes(is_on=is_on)
    for part in broken:
        output.write(f"{paint('error', f'{part.name} is broken')}: {visible(part.problem or '')}\n")
    if lacking:
        output.write(f"{paint('error', 'half enabled')}: {', '.join(setting.key for setting in lacking)} not set\n")
    if broken or lacking:
        where = "--global" if any(_scope(part) == "global" for part in broken or found if part.is_on) else "--local"
        output.write(f"Mend it: recdiff git enable {where}  (or recdiff git disable {where})\n")
        return 1
    if not is_on:
        output.write("recdiff is off in git: recdiff git enable\n")
    elif named is False:
        output.write("No attribute names a recording here: recdiff git enable, or add `diff=recdiff merge=recdiff`\n")
    return 0


def _line(part: Part, paint: Paint) -> str:
    if not part.is_on:
        return f"{part.name:<14} {paint('faint', 'off')}\n"
    state = paint("error", "broken") if part.problem else paint("added", "on")
    origin = paint("faint", visible(part.origin or ""))
    return f"{part.name:<14} {state}  {origin}  {visible(part.value or '')}\n"


def _scope(part: Part) -> str:
    try:
        local = str(place_of("local").config)
    except GitError:
        return "global"
    return "local" if part.origin in (local, ".git/config", "config") or local.endswith(f"/{part.origin}") else "global"


def _attributes(*, is_on: bool) -> bool | None:
    """Say how many recordings git's attributes name; whether there are any, None where nobody can tell."""
    try:
        work_tree = place_of("local").work_tree
    except GitError:
        return None
    if work_tree is None or not is_on:
        return None
    paths = [path for paths in recordings_in(work_tree).values() for path in paths]
    if not paths:
        return None
    count = covered(work_tree, paths)
    output.write(f"{'attributes':<14} {count.diff} of {count.recordings} recordings diffed, {count.merge} merged\n")
    return bool(count.diff or count.merge)
