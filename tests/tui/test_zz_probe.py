import pytest
from textual import events
from tests.tui.running import *
@played
async def test_space(project):
    async with opened(project.path) as here:
        await here.go("both")
        await here.press("space")
        print("space:", here.here)
        await here.go_branch("file:tests/test_sky.py")
        await here.press("space"); print("space on branch", here.here)
@played
async def test_quick(project):
    async with opened(project.path) as here:
        await here.go("both")
        for key in ("down", "a"):
            here.app._driver.send_message(events.Key(key, None if len(key)>1 else key))
        await here.settle()
        print("quick:", {n: here.state(n) for n in ("both", "call")})
        await here.into("finish")
        here.app._driver.send_message(events.Key("n", "n"))
        here.app._driver.send_message(events.Key("a", "a"))
        await here.settle()
        print("quick page", here.here, {n: here.state(n) for n in ("finish", "text")}, here.told)
        await here.press("up")
@played
async def test_click(project):
    async with opened(project.path) as here:
        await here.go("both")
        await here.pilot.click("RecordingView", offset=(5, 3))
        await here.settle()
        print("click y=3:", here.view.cursor, here.line)
@played
async def test_narrow(project):
    async with opened(project.path, size=NARROW) as here:
        await here.go("both")
        await here.press("x")
        print("x:", here.review.has_class("-page"), here.review.focused, here.view.display, here.view.size)
        print("\n".join(here.painted()))
@played
async def test_copy(project):
    async with opened(project.path) as here:
        here.review.app.copy_to_clipboard("\ud800")
