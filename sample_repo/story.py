"""The story: the station upgraded its model server, gave it a new host name, and recorded every test again.

All tests pass on both sides. What they would not tell a reviewer:

- the new server passes `gusts` to a tool as text, gives two calls of one reply the same id, cuts a reply at a lower
  limit, and refuses a long prompt, which the desk covers up with its polite sentence;
- a prompt was reworded on the way, a model was retired, a long page is embedded otherwise;
- the rule for the buoys' batteries now hides what it only rounded.

And what says nothing: new ids and clocks, streams cut elsewhere, keys without values, last digits of a vector.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from shapes import (
    Call,
    Json,
    Recording,
    Side,
    after_calls,
    asking,
    chunks,
    completion,
    content_chunks,
    declared,
    embeddings,
    http_call,
    message_events,
    model_list,
    sdk_call,
    sdk_error,
    tool_call,
    usage,
    vector,
    wrapped,
)

OUTLOOK = "You give the weather outlook of the station in three short sentences."
TIDES = declared("get_tides", "Tells high water.", harbour="string")
MOON = declared("get_moon", "Tells the phase of the moon.", day="string")
WIND = declared("get_wind", "Tells the wind.", harbour="string", gusts="boolean")


def recordings(side: Side) -> Iterator[Recording]:
    """Every recording of one side."""
    for scene in SCENES:
        yield from scene(side)


# The station's own model server: new host, new version


def _server(side: Side) -> str:
    return f"http://{side.pick('models', 'inference')}.tidepool.example:8000/v1"


def _own(side: Side, test_id: str, body: Json, text: str, finish: str, counted: Json, *calls: Call) -> Recording:
    """A reply of the model server in one piece. Since the upgrade it tells the version of its models."""
    model, fingerprint = side.pick("kelp-7b", "kelp-7b@1.0"), side.pick("kelpserve-0.9", "kelpserve-1.0")
    body = {"model": "kelp-7b", **body, "stream": False}
    answer = completion(side, test_id, model, fingerprint, text, finish, counted, *calls)
    return sdk_call(test_id, f"{_server(side)}/chat/completions", body, answer)


def morning_outlook(side: Side) -> Iterator[Recording]:
    """A changed text, in a stream that is cut elsewhere."""
    test_id = "tests/test_outlook.py::test_morning_outlook[kelp-7b]"
    body = {"model": "kelp-7b", "messages": asking("What is the weather this morning?", OUTLOOK), "stream": True}
    pieces = side.pick(
        (
            "Fog over Saltmarsh until nine,",
            " then sun until the evening.",
            " High water is at 10:42, and the pools open at",
            " low water, 16:50. No wind to speak of.",
        ),
        (
            "Fog over Saltmarsh",
            " until ten, then sun until the evening. High water is at 10:42,",
            " and the pools open at low water, 16:50. A light westerly wind.",
        ),
    )
    model, fingerprint = side.pick("kelp-7b", "kelp-7b@1.0"), side.pick("kelpserve-0.9", "kelpserve-1.0")
    counted = usage(34, side.pick(41, 42))
    answer = chunks(side, test_id, model, fingerprint, pieces, counted, padded=False)
    yield sdk_call(test_id, f"{_server(side)}/chat/completions", body, answer, streamed=True)


def night_outlook(side: Side) -> Iterator[Recording]:
    """A reply that is cut off at a limit."""
    text = "Tonight: clear sky and a light wind from the west. Low water is at 04:58."
    more = " Be back from the causeway before five."
    body = {"messages": asking("What is the weather tonight?", OUTLOOK)}
    yield _own(
        side,
        "tests/test_outlook.py::test_night_outlook[kelp-7b]",
        body,
        text + side.pick(more, " Be back from"),
        side.pick("stop", "length"),
        usage(33, side.pick(38, 32)),
    )


def storm_bulletin(side: Side) -> Iterator[Recording]:
    """An exception where a reply was: the prompt is too long for the new server."""
    test_id = "tests/test_outlook.py::test_storm_bulletin[kelp-7b]"
    question = f"Explain this bulletin to visitors: {'gale warning, ' * 12}all clear at noon."
    messages = asking(question, OUTLOOK)
    text = "A gale passes in the morning. Please stay off the pier. From noon the station is open as usual."
    if side.name == "before":
        yield _own(side, test_id, {"messages": messages}, text, "stop", usage(88, 25))
    else:
        body = {"model": "kelp-7b", "messages": messages, "stream": False}
        message = "The prompt has 88 tokens, the limit is 64."
        yield sdk_error(test_id, f"{_server(side)}/chat/completions", body, 400, "BadRequestError", message)


def boat_trip(side: Side) -> Iterator[Recording]:
    """A reworded prompt, and therefore a new file name."""
    advice = side.pick(
        "You advise on boat trips. Answer in one sentence.",
        "You advise on boat trips. Name the wind first. Answer in one sentence.",
    )
    text = side.pick(
        "Yes, a rowing boat is fine until two o'clock.",
        "With the wind at west 3, a rowing boat is fine until one o'clock.",
    )
    yield _own(
        side,
        "tests/test_outlook.py::test_boat_trip[kelp-7b]",
        {"messages": asking("May we take a rowing boat to the island at noon?", advice)},
        text,
        "stop",
        usage(side.pick(35, 39), side.pick(12, 18)),
    )


def two_harbours(side: Side) -> Iterator[Recording]:
    """Two calls in one reply, which the new server gives the same id: no consistent renaming."""
    test_id = "tests/test_tools.py::test_two_harbours_at_once[kelp-7b]"
    messages = asking("When is high water in Saltmarsh and at Gull Point?")
    calls = [
        Call(side.pick(f"call_{side.drawn(harbour, 12)}", "call_0"), "get_tides", json.dumps({"harbour": harbour}))
        for harbour in ("Saltmarsh", "Gull Point")
    ]
    yield _own(side, test_id, {"messages": messages, "tools": [TIDES]}, "", "tool_calls", usage(71, 36), *calls)
    results = ["High water at Saltmarsh: 10:42", "High water at Gull Point: 11:15"]
    text = "High water is at 10:42 in Saltmarsh and at 11:15 at Gull Point."
    body = {"messages": after_calls(messages, calls, results), "tools": [TIDES]}
    yield _own(side, test_id, body, text, "stop", usage(128, 24))


def wind(side: Side) -> Iterator[Recording]:
    """An argument that changed its type."""
    arguments = json.dumps({"harbour": "Gull Point", "gusts": side.pick(True, "true")})
    yield _own(
        side,
        "tests/test_tools.py::test_wind_with_gusts[kelp-7b]",
        {"messages": asking("How windy is it at Gull Point, gusts included?"), "tools": [WIND]},
        "",
        "tool_calls",
        usage(74, 21),
        Call(f"call_{side.drawn('wind', 12)}", "get_wind", arguments),
    )


def models(side: Side) -> Iterator[Recording]:
    """A list that gained one model and lost another."""
    names = ["kelp-7b", *side.pick(["driftwood-3b"], ["kelp-7b-long"]), "limpet-embed"]
    entries = [{"id": name, "created": side.clock(name), "object": "model", "owned_by": "station"} for name in names]
    yield model_list(f"{_server(side)}/models", entries)


def finished_sentence(side: Side) -> Iterator[Recording]:
    """A test of an endpoint that is going away."""
    if side.name == "before":
        body = {"model": "kelp-7b", "prompt": "At low water you can see", "max_tokens": 20, "stream": False}
        answer = {
            "id": f"cmpl-{side.drawn('sentence')}",
            "choices": [{"finish_reason": "stop", "index": 0, "text": " the old wreck on the rock below the pier."}],
            "created": side.clock("sentence"),
            "model": "kelp-7b",
            "object": "text_completion",
            "usage": usage(7, 11),
        }
        test_id = "tests/test_visitors.py::test_finishes_a_sentence"
        completed = wrapped("openai.types.completion.Completion", answer)
        yield sdk_call(test_id, f"{_server(side)}/completions", body, completed)


def school_rhyme(side: Side) -> Iterator[Recording]:
    """A new test, whose reply was cut off as well."""
    if side.name == "after":
        question = "Write a short rhyme about limpets for a school class."
        yield _own(
            side,
            "tests/test_visitors.py::test_school_rhyme[kelp-7b]",
            {"messages": asking(question, OUTLOOK)},
            "Limpets on the rock at noon / graze below the sun, / and when the tide comes back they soon",
            "length",
            usage(38, 32),
        )


# The embedding server


def _embedded(test_id: str, texts: list[str], vectors: list[list[float]], tokens: int) -> Recording:
    body = {"model": "limpet-embed", "input": texts, "encoding_format": "float"}
    answer = embeddings("limpet-embed", vectors, tokens)
    return sdk_call(test_id, "http://vectors.tidepool.example:8080/v1/embeddings", body, answer)


def question_as_vector(side: Side) -> Iterator[Recording]:
    """A vector that moved in its last digits."""
    yield _embedded(
        "tests/test_search.py::test_question_as_vector[limpet-embed]",
        ["Where do limpets sleep?"],
        [vector("limpets sleep", side.pick(0.0, 2e-6))],
        6,
    )


def pages_as_vectors(side: Side) -> Iterator[Recording]:
    """Two vectors: one moved in its last digits, the other is another vector."""
    pages = [
        "Limpets return to the same spot on the rock after every tide.",
        "The rock pools below the pier are at their best in the two hours around low water. Please walk on bare rock,"
        " leave every stone as you found it, and keep an eye on the causeway: it floods from the landward side.",
    ]
    vectors = [vector("limpets return", side.pick(0.0, 2e-6)), vector("rock pools", side.pick(0.0, 0.12))]
    test_id = "tests/test_search.py::test_pages_as_vectors[limpet-embed]"
    yield _embedded(test_id, pages, vectors, side.pick(68, 64))


# The station's own tools


def buoy(side: Side) -> Iterator[Recording]:
    """A battery that drained, which a rule of the project hides."""
    metadata = {"battery": side.pick(0.93, 0.61), "buoy": "SALT-2"}
    said = "Water 14.2 °C, swell 0.4 m"
    yield tool_call("tests/test_tools.py::test_buoy", "read_buoy", {"buoy": "SALT-2"}, said, metadata)


def notices(side: Side) -> Iterator[Recording]:
    """JSON inside a text, with another notice."""
    found = [
        {"title": "Ferry to the island", "text": side.pick("Every hour from nine.", "Every two hours from ten.")},
        {"title": "Car park", "text": "Closed on market days."},
    ]
    content = json.dumps({"about": "ferry", "notices": found})
    yield tool_call("tests/test_tools.py::test_notices", "find_notices", {"about": "ferry"}, content, None)


# Hosted services


def _hosted(side: Side, test_id: str, question: str, before: list[str], after: list[str], counted: Json) -> Recording:
    """A streamed reply of the hosted chat model."""
    body = {"model": "lagoon-mini", "messages": asking(question), "stream": True}
    fingerprint = f"fp_{side.drawn('fingerprint', 10)}"
    answer = chunks(side, test_id, "lagoon-mini", fingerprint, side.pick(before, after), counted, padded=True)
    return sdk_call(test_id, "https://api.lagoon.example/v1/chat/completions", body, answer, streamed=True)


def tide_and_moon(side: Side) -> Iterator[Recording]:
    """Three turns with two tool calls, whose ids were drawn anew and mean the same throughout."""
    test_id = "tests/test_tools.py::test_tide_and_moon[lagoon-mini]"
    url = "https://api.lagoon.example/v1/chat/completions"
    first = Call(f"call_{side.drawn('tide')}", "get_tides", '{"harbour": "Saltmarsh"}')
    second = Call(f"call_{side.drawn('moon')}", "get_moon", '{"day": "today"}')
    messages = asking("How high will the tide be in Saltmarsh, with this moon?")
    told = "High water at Saltmarsh: 10:42", "Moon today: waxing, two days after the first quarter"
    end = "High water is at 10:42, and a little lower than usual: the first quarter was two days ago."
    later = after_calls(messages, [first], [told[0]])
    turns: list[tuple[list[Json], str, str, Json, list[Call]]] = [
        (messages, "", "tool_calls", usage(96, 17), [first]),
        (later, "", "tool_calls", usage(131, 15), [second]),
        (after_calls(later, [second], [told[1]]), end, "stop", usage(170, 23), []),
    ]
    fingerprint = f"fp_{side.drawn('fingerprint', 10)}"
    for number, (asked, text, finish, counted, calls) in enumerate(turns):
        body = {"model": "lagoon-mini", "messages": asked, "tools": [TIDES, MOON], "stream": False}
        key = f"{test_id} {number}"
        answer = completion(side, key, "lagoon-mini", fingerprint, text, finish, counted, *calls)
        numbered = {f"call-{place}": call.id for place, call in enumerate((first, second)[:number])}
        yield sdk_call(test_id, url, body, answer, mapping=numbered)


def small_talk(side: Side) -> Iterator[Recording]:
    """Nothing but noise."""
    yield _hosted(
        side,
        "tests/test_visitors.py::test_small_talk[hello-lagoon-mini]",
        "Hello there!",
        ["Hello", " and welcome to", " the station!"],
        ["Hello and", " welcome to the station!"],
        usage(9, 7),
    )
    yield _hosted(
        side,
        "tests/test_visitors.py::test_small_talk[thanks-lagoon-mini]",
        "Thanks a lot!",
        ["You are welcome.", " Mind the step."],
        ["You are", " welcome. Mind", " the step."],
        usage(9, 8),
    )


def joke(side: Side) -> Iterator[Recording]:
    """The same words, counted otherwise."""
    text = ["Why did the crab cross the beach?", " Sideways is the only way it knows."]
    counted = usage(14, side.pick(17, 16))
    yield _hosted(
        side, "tests/test_visitors.py::test_joke[lagoon-mini]", "Tell me a joke about a crab.", text, text, counted
    )


def summary(side: Side) -> Iterator[Recording]:
    """The same words, no longer as a stream."""
    test_id = "tests/test_visitors.py::test_summary[lagoon-mini]"
    messages = asking("Two school classes, one lost bucket, a seal at noon.", "Sum up the day in one sentence.")
    body = {"model": "lagoon-mini", "messages": messages, "stream": side.pick(True, False)}
    fingerprint = f"fp_{side.drawn('fingerprint', 10)}"
    pieces = "Two classes visited,", " a bucket got lost,", " and a seal came by at noon."
    counted = usage(27, 15)
    url = "https://api.lagoon.example/v1/chat/completions"
    if side.name == "before":
        streamed = chunks(side, test_id, "lagoon-mini", fingerprint, pieces, counted, padded=True)
        yield sdk_call(test_id, url, body, streamed, streamed=True)
    else:
        whole = completion(side, test_id, "lagoon-mini", fingerprint, "".join(pieces), "stop", counted)
        yield sdk_call(test_id, url, body, whole)


def opening_hours(side: Side) -> Iterator[Recording]:
    """An equal request under a new name, since the test moved to another file."""
    test_id = f"tests/{side.pick('test_visitors', 'test_hours')}.py::test_opening_hours[lagoon-mini]"
    text = ["We open at ten", " and close with the tide."]
    yield _hosted(side, test_id, "When do you open?", text, text, usage(11, 9))


def lost_bucket(side: Side) -> Iterator[Recording]:
    """A new test."""
    if side.name == "after":
        text = ["A yellow bucket waits", " at the pier, next to the bell."]
        yield _hosted(
            side,
            "tests/test_visitors.py::test_lost_bucket[lagoon-mini]",
            "I lost a yellow bucket.",
            text,
            text,
            usage(13, 12),
        )


def _guided(
    side: Side, test_id: str, question: str, block: Json, deltas: list[Json], stop: str, asked: int, answered: int
) -> Recording:
    schema = TIDES["function"]["parameters"]
    booking = {"name": "book_tour", "description": "Books a tour.", "input_schema": schema}
    payload = {"model": "lighthouse-2", "max_tokens": 200, "messages": asking(question), "tools": [booking]}
    lines = message_events(side, test_id, "lighthouse-2", block, deltas, stop, asked, answered)
    return http_call(test_id, "https://api.lighthouse.example/v1/messages", {**payload, "stream": True}, lines)


def guide_greets(side: Side) -> Iterator[Recording]:
    """A changed text in the Messages protocol."""
    pieces = side.pick(
        ["Good morning, class! Today we", " look for crabs, and we put every stone back."],
        ["Good morning, class! Today we look for crabs", " and starfish, and we put every stone back."],
    )
    deltas: list[Json] = [{"type": "text_delta", "text": piece} for piece in pieces]
    test_id = "tests/test_visitors.py::test_guide_greets_a_class[lighthouse-2]"
    question = "Please greet a class of nine-year-olds."
    yield _guided(side, test_id, question, {"type": "text", "text": ""}, deltas, "end_turn", 41, side.pick(19, 21))


def guide_books(side: Side) -> Iterator[Recording]:
    """A tool call in the Messages protocol, with the same arguments in other white space."""
    pieces = side.pick(['{"harbour": ', '"Saltmarsh"}'], ['{"harbour":"', 'Saltmarsh"}'])
    deltas: list[Json] = [{"type": "input_json_delta", "partial_json": piece} for piece in pieces]
    block = {"type": "tool_use", "id": f"toolu_{side.drawn('tour')}", "name": "book_tour", "input": {}}
    test_id = "tests/test_visitors.py::test_guide_books_a_tour[lighthouse-2]"
    yield _guided(side, test_id, "Please book a tour of Saltmarsh.", block, deltas, "tool_use", 39, 14)


def anemones(side: Side) -> Iterator[Recording]:
    """Nothing but noise, in Gemini's protocol."""
    test_id = "tests/test_visitors.py::test_anemones[reef-flash]"
    question = "What are the red blobs in the pool?"
    body = {"model": "reef-flash", "contents": [{"role": "user", "parts": [{"text": question}]}], "config": {}}
    pieces = side.pick(
        ["Those are", " beadlet anemones. Out of the water they", " fold into a drop of jelly.\n"],
        ["Those are beadlet", " anemones. Out of the water they fold into a drop of jelly.\n"],
    )
    counted = {
        "candidates_token_count": 19,
        "prompt_token_count": 9,
        "total_token_count": 28,
        "traffic_type": "ON_DEMAND",
    }
    answer = content_chunks(side, test_id, "reef-flash", pieces, counted)
    found = sdk_call(test_id, "vertexai:///generate_content_stream", body, answer, streamed=True)
    found.document["request"]["provider_metadata"] = {"provider": "vertexai"}
    yield found


SCENES: tuple[Callable[[Side], Iterator[Recording]], ...] = (
    morning_outlook,
    night_outlook,
    storm_bulletin,
    boat_trip,
    two_harbours,
    wind,
    models,
    finished_sentence,
    school_rhyme,
    question_as_vector,
    pages_as_vectors,
    buoy,
    notices,
    tide_and_moon,
    small_talk,
    joke,
    summary,
    opening_hours,
    lost_bucket,
    guide_greets,
    guide_books,
    anemones,
)
