"""Never silently quiet: a leaf that changes is a change, or a rule that plausibly covers it says so.

Every leaf of every kind of recording is changed alone, by type too, emptied and left out; inside SSE lines as well.
`MAY_HIDE` is the whole of what may then stay quiet; anything else fails.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from itertools import combinations
from typing import Any, NamedTuple

import pytest

from recdiff.jsonvalue import leaves
from tests import recordings as made
from tests.recordings import BUILDERS, CORPUS, compared, corpus_pairs, data_of, exact, is_recording, with_value, without

ABSENT = "<absent>"
"""Stands for a key or item that is not there."""


class Mutant(NamedTuple):
    """One recording with one leaf changed. `place` has positions as `*`; `//` leads into an SSE line."""

    place: str
    old: Any
    new: Any
    made: Callable[[], Any]

    @property
    def document(self) -> Any:
        """The whole recording, made anew; one leaf of many is asked for."""
        return self.made()


def _nothing(old: Any, new: Any) -> bool:
    return _left_out(0, old) and _left_out(0, new)


def _spelled(value: Any) -> str:
    return ABSENT if value is ABSENT else json.dumps(value)


def _left_out(old: Any, new: Any) -> bool:
    return _spelled(new) in ("null", '""', "[]", "{}", ABSENT)


def _any(old: Any, new: Any) -> bool:
    return True


def _layout(old: Any, new: Any) -> bool:
    return isinstance(old, str) and isinstance(new, str) and old.strip() == new.strip()


def _near(old: Any, new: Any) -> bool:
    numbers = all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in (old, new))
    return numbers and abs(old - new) <= 1e-3


def _other_id(old: Any, new: Any) -> bool:
    return isinstance(old, str) and isinstance(new, str) and bool(new)


Row = tuple[str, str, Callable[[Any, Any], bool]]

CHUNK = r"/response/body/\*(/__data__|//?)?"
"""A streamed payload: an SDK object, a plain object or an SSE line."""

MAY_HIDE: tuple[Row, ...] = (
    ("response-id", r"/response/body(/__data__)?/(id|response_id)", _any),
    ("response-id", r".*/permission/\*/id", _any),
    ("response-id", CHUNK + r"/(id|response_id|interaction_id|message/id|interaction/id)", _any),
    ("created", r".*/(created|created_at|create_time)", _any),
    ("timestamp", r".*/headers/Date", _any),
    ("duration", r".*/[a-z_]*_duration", _any),
    ("system-fingerprint", r".*/system_fingerprint", _any),
    ("obfuscation", CHUNK + "/obfuscation", _any),
    ("seed", CHUNK + r"/choices/\*/seed", _any),
    ("token-id", CHUNK + r"/choices/\*/token_id", _any),
    ("thought-signature", r".*/signature", _any),
    ("recorder-mapping", "/id_normalization_mapping", _any),
    ("embedding-tolerance", r".*/embedding/\*", _near),
    ("renamed-id", r".*/(tool_calls|content|outputs)/\*/id", _other_id),
    ("renamed-id", r".*/(tool_call_id|function_call/id|content_block/id|delta/id)", _other_id),
    ("json-layout", r".*/(arguments|partial_json)", _layout),
    ("json-layout", r".*/(arguments|partial_json|content_block/input)", _nothing),
    ("empty-value", r"/(request|response|test_id).*", _nothing),
    # one chunk of many leaves out what the others say, or a running total or state moves on
    ("chunking", CHUNK + "/.*", _nothing),
    ("chunking", CHUNK + r"/(id|model|model_version|response_id|interaction_id|interaction/(id|model))", _left_out),
    ("chunking", CHUNK + r"/(object|created|created_at|create_time|system_fingerprint|interaction/object)", _left_out),
    ("chunking", CHUNK + r"/(service_tier|message/id)", _left_out),
    ("chunking", CHUNK + r"/choices/\*/seed", _left_out),
    ("chunking", CHUNK + r"/(usage(/.*)?|usage_metadata/traffic_type|message/usage/output_tokens)", _any),
    ("chunking", CHUNK + r"/(context|done|status|interaction/status|interaction/id|interaction_id)", _any),
    ("chunking", CHUNK + r"/delta/signature", _left_out),
    # the wire's own frame
    ("chunking|envelope|empty-value", r"/response/body.*/(object|type|event_type|role|index)", _left_out),
    ("chunking|envelope|empty-value|seed|token-id", CHUNK + r"(/.*)?/index", _any),
    ("envelope", "/response/(is_streaming|is_exception)", _left_out),
    ("chunking|envelope|response-id", r"/response/body/\*", _left_out),  # a whole line that carries no content
)
"""Which rule may hide what kind of change where: rule, place, old and new."""


def may_stay_quiet(mutant: Mutant, rules: set[str]) -> bool:
    """Whether a row covers every rule that hid something."""
    return all(
        any(
            rule in names.split("|") and re.fullmatch(place, mutant.place) and fits(mutant.old, mutant.new)
            for names, place, fits in MAY_HIDE
        )
        for rule in rules or {""}
    )


def values_beside(value: Any) -> Iterator[Any]:
    """Values that a leaf might change to, of every type, and none that is the same."""
    found: list[Any]
    if isinstance(value, str):
        found = [f"{value}x", value[:-1], "", None, 1, False, [], {}, ["x"]]
    elif isinstance(value, bool):
        found = [not value, int(value), float(value), str(value).lower(), None, ""]
    elif isinstance(value, int):
        found = [value + 1, float(value), str(value), True, False, None, 0, 1]
    elif isinstance(value, float):
        found = [value + 0.5, value + 0.0005, str(value), None, 0]
    else:
        found = [None, "", [], {}, 0, False, 0.0, 1, "x", ["x"], [0], {"a": 1}]
    yield from (beside for beside in found if exact(beside) != exact(value))


def pattern(place: str) -> str:
    """A pointer with positions as `*`."""
    return re.sub(r"/\d+(?=/|$)", "/*", place)


def mutants(document: Any, most: int = 2) -> Iterator[Mutant]:
    """Mutants of every leaf; at most so many of equal values at places of one pattern."""
    seen: Counter[tuple[str, bytes | str]] = Counter()

    def is_new(place: str, value: Any) -> bool:
        kind = re.sub(r"[0-9.]+", "0", value)[:12] if isinstance(value, str) else type(value).__name__
        seen[place, kind] += 1
        return seen[place, kind] <= most

    for place, value in list(leaves(document)):
        payload = data_of(value)
        for inner, leaf in list(leaves(payload)) if payload else ():
            there = f"{pattern(place)}/{pattern(inner)}"
            if inner and is_new(there, leaf):
                for beside in (*values_beside(leaf), ABSENT):
                    yield Mutant(there, leaf, beside, partial(_in_line, document, place, payload, inner, beside))
        if is_new(pattern(place), value):
            for beside in (*values_beside(value), ABSENT):
                yield Mutant(pattern(place), value, beside, partial(_with, document, place, beside))


def _with(document: Any, place: str, value: Any) -> Any:
    return without(document, place) if value is ABSENT else with_value(document, place, value)


def _in_line(document: Any, place: str, payload: Any, inner: str, value: Any) -> Any:
    return with_value(document, place, f"data: {json.dumps(_with(payload, inner, value))}")


def rules_that_hide(old: Any, new: Any) -> set[str] | None:
    """The rules that keep two recordings quiet; None where a change is shown."""
    ledger = compared(old, new)
    if ledger.changes:
        return None
    pending = any(seen.change for seen in ledger.sightings)
    return {*ledger.hidden, *(["renamed-id"] if pending else ())}


@pytest.mark.parametrize("name", BUILDERS)
def test_no_leaf_changes_in_silence(name: str) -> None:
    document = BUILDERS[name]()
    silent, count = [], 0
    for mutant in mutants(document):
        changed = mutant.document
        if not is_recording(changed):
            continue
        count += 1
        rules = rules_that_hide(document, changed)
        if rules is not None and not may_stay_quiet(mutant, rules):
            silent.append(f"{mutant.place}: {mutant.old!r} → {mutant.new!r} hidden by {rules or 'nothing'}")
    assert count > 50
    assert not silent, "\n".join(silent)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real recordings is not at ../shared/corpus")
def test_no_leaf_of_real_recordings_changes_in_silence() -> None:
    rng = random.Random(11)
    small = [new for _, new in corpus_pairs() if new.stat().st_size < 40_000]
    silent, count = [], 0
    for path in rng.sample(small, 40):
        document = json.loads(path.read_bytes())
        every = list(mutants(document, most=1))
        for mutant in rng.sample(every, min(12, len(every))):
            changed = mutant.document
            if not is_recording(changed):
                continue
            count += 1
            rules = rules_that_hide(document, changed)
            if rules is not None and not may_stay_quiet(mutant, rules):
                silent.append(
                    f"{path.name} {mutant.place}: {mutant.old!r} → {mutant.new!r} hidden by {rules or 'nothing'}"
                )
    assert count > 300
    assert not silent, "\n".join(silent)


NEVER_HIDDEN = (
    r"/request/(body|payload|kwargs)(/.*)?/(model|content|query|city|limit|strict|prompt|text)",
    r"/request/(url|method|endpoint|model|provider|tool_name)",
    r"/response/(status|exception_message|exception_data/.*)",
    r".*/(text|thinking|reasoning|refusal|response|content)",
    r".*/(name|arguments|partial_json|args/.*|input/.*|arguments/.*)",
    r".*/(finish_reason|stop_reason|done_reason)",
    r"/test_id",
)
"""Places where any other text or number is a change, whatever rule there is."""


@pytest.mark.parametrize("name", BUILDERS)
def test_what_no_rule_may_hide(name: str) -> None:
    document = BUILDERS[name]()
    for mutant in mutants(document, most=9):
        is_kept = any(re.fullmatch(place, mutant.place) for place in NEVER_HIDDEN)
        says = (
            isinstance(mutant.new, (str, int)) and not _left_out(0, mutant.new) and not _layout(mutant.old, mutant.new)
        )
        if is_kept and says and is_recording(mutant.document):
            assert rules_that_hide(document, mutant.document) is None, mutant[:3]


@pytest.mark.parametrize("name", [name for name in BUILDERS if "stream" not in name and "lines" not in name])
def test_leaves_that_change_places_are_a_change(name: str) -> None:
    document = BUILDERS[name]()
    kept = [
        (place, value)
        for place, value in leaves(document)
        if any(re.fullmatch(there, pattern(place)) for there in NEVER_HIDDEN)
        and isinstance(value, (str, int))
        and value
    ]
    for (one, value), (other, instead) in combinations(kept, 2):
        if exact(value) != exact(instead):
            swapped = with_value(with_value(document, one, instead), other, value)
            assert rules_that_hide(document, swapped) is None, (one, other)


def _unknown(key: str, *values: Any) -> Any:
    return made.recording([made.delta_chunk(0, {key: value}) for value in values], streaming=True)


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("audio", [{"transcript": "it"}, {"transcript": " is"}, {"transcript": " not"}]),
        ("reasoning_details", [[{"type": "reasoning.text", "text": text}] for text in ("it", " is", " not")]),
        ("confidence", [0.9, 0.8, 0.7]),
        ("new_text", ["it", " is", " not"]),
    ],
)
def test_pieces_of_an_unknown_key_are_all_compared(key: str, values: list[Any]) -> None:
    old, new = _unknown(key, *values, values[1]), _unknown(key, *values, values[2])
    assert [change[0] for change in made.told(old, new)] == ["data"]


def test_an_unknown_value_that_every_chunk_repeats_is_chunking() -> None:
    assert made.hidden(_unknown("tier", "a", "a", "a"), _unknown("tier", "a", "a")).keys() <= {
        "chunking",
        "empty-value",
    }
    assert made.told(_unknown("tier", "a", "a", "a"), _unknown("tier", "a", "b", "a"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ((-0.1, -0.1, -0.2), (-0.1, -0.2, -0.2)),
        (("a", "a", "b"), ("a", "b", "b")),
        ((1, 1, True), (1, True, True)),
        (({"p": 1}, {"p": 1}, {"p": 2}), ({"p": 1}, {"p": 2}, {"p": 2})),
        (("a", "b", "a", "a"), ("a", "a", "b", "a")),
        ((None, "a", "a", "b"), ("a", "b", "b", None)),
    ],
)
def test_an_unknown_value_of_each_chunk_that_other_chunks_repeat(old: Any, new: Any) -> None:
    changes = made.told(_unknown("prob", *old), _unknown("prob", *new))
    assert [change[0] for change in changes] == ["data"]
    assert [list(change[2:]) for change in changes] == [[[v for v in side if v is not None] for side in (old, new)]]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (([1], [1]), ([1],)),
        ((["a", "b"],), (["a", "b"], ["a", "b"])),
        (("a", "a", "b"), ("a", "b")),
        (("a", None, "b"), (None, "a", "b")),
        (("a", "a", None), ("a", None, None)),
    ],
)
def test_an_unknown_value_in_more_or_fewer_chunks_is_chunking(old: Any, new: Any) -> None:
    assert made.hidden(_unknown("prob", *old), _unknown("prob", *new)).keys() <= {"chunking", "empty-value"}


def test_a_list_and_the_chunks_that_say_its_items() -> None:
    chunks = [made.chunk([], model=model) for model in ("a", "b")]
    one, many = (
        made.recording([made.chunk([], model=["a", "b"])], streaming=True),
        made.recording(chunks, streaming=True),
    )
    assert "model" in {change[0] for change in made.told(one, many)}


def test_probabilities_of_another_shape_are_a_change() -> None:
    old = made.chat_single(made.Answer("x", logprobs=True))
    place = "/response/body/__data__/choices/0/logprobs/content"
    assert made.told(old, with_value(old, place, made.at(old, place)[0]))


@pytest.mark.parametrize("name", ["anthropic", "gemini"])
def test_text_and_calls_in_another_order_are_a_change(name: str) -> None:
    blocks = made.BLOCKS[1:3] if name == "anthropic" else made.PARTS[1:3]
    build = made.anthropic_single if name == "anthropic" else made.gemini_single
    assert made.told(build(blocks), build(blocks[::-1]))


@pytest.mark.parametrize("value", [0, 1, 0.0, "false", "true", {"a": 1}])
def test_is_streaming_of_another_type_is_a_change(value: Any) -> None:
    old = made.chat_single()
    assert made.told(old, with_value(old, "/response/is_streaming", value))


@pytest.mark.parametrize("data", ["[DONE]", "overloaded", "5"])
def test_the_name_of_an_event_without_an_object_is_compared(data: str) -> None:
    lines = made.interaction_lines()["response"]["body"][:-2]
    old, new = (
        with_value(made.interaction_lines(), "/response/body", [*lines, f"event: {name}", f"data: {data}"])
        for name in ("done", "error")
    )
    assert made.told(old, new)


# ---------------------------------------------------------------------------------------- what was silent once


def _stream(*pieces: str, key: str = "content") -> Any:
    chunks = [made.delta_chunk(0, {key: piece}) for piece in pieces]
    return made.recording([*chunks, made.delta_chunk(0, {}, finish="stop")], streaming=True)


@pytest.mark.parametrize(("key", "kind"), [("content", "text"), ("reasoning", "text"), ("refusal", "text")])
def test_pieces_in_another_order_are_another_text(key: str, kind: str) -> None:
    changes = made.told(_stream("2", " - ", "3", key=key), _stream("3", " - ", "2", key=key))
    assert [(change[0], change[2], change[3]) for change in changes] == [(kind, "2 - 3", "3 - 2")]


def test_pieces_in_another_order_are_other_arguments() -> None:
    def called(*pieces: str) -> Any:
        deltas = [{"tool_calls": [{"index": 0, "function": {"arguments": piece}}]} for piece in pieces]
        return made.recording([made.delta_chunk(0, delta) for delta in deltas], streaming=True)

    assert made.told(called('{"from":"', "A", '","to":"', "B", '"}'), called('{"from":"', "B", '","to":"', "A", '"}'))


@pytest.mark.parametrize("name", ["anthropic", "gemini", "interaction", "ollama-chat", "ollama-generate", "completion"])
def test_pieces_in_another_order_in_every_protocol(name: str) -> None:
    _, stream = made.SINGLE_AND_STREAM[name]
    old, new = stream(made.words), stream(lambda text: made.words(text)[::-1])
    assert "text" in {change[0] for change in made.told(old, new)}


def test_noise_in_another_order_is_no_change() -> None:
    old, new = made.azure_stream(), made.azure_stream()
    first, second = (new["response"]["body"][number]["__data__"] for number in (1, 2))
    first["obfuscation"], second["obfuscation"] = second["obfuscation"], first["obfuscation"]
    assert made.told(old, new) == []


def test_repeated_words_beside_other_content() -> None:
    thinking = made.delta_chunk(0, {"content": [{"type": "thinking"}]})
    old, new = (_stream("is", " it", " is", last) for last in (" is", " it"))
    for document in (old, new):
        document["response"]["body"].insert(0, thinking)
    assert made.told(old, new)


def _invoked(**kwargs: Any) -> Any:
    return made.tool_invocation("{}", **kwargs)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (_invoked(message_id="m1"), _invoked(message_id="m2")),
        (_invoked(items=[{"id": "1"}]), _invoked(items=[{"id": "2"}])),
        (_invoked(input={"id": "1"}), _invoked(input={"id": "2"})),
    ],
)
def test_ids_in_the_arguments_of_a_tool_are_never_hidden(old: Any, new: Any) -> None:
    ledger = compared(old, new)
    assert [change.change_class for change in ledger.changes] == ["request"]
    assert not [seen for seen in ledger.sightings if seen.change]


@pytest.mark.parametrize(
    "message",
    [
        {"tool_calls": [{"function": {"name": "f", "arguments": {"item_id": "ID"}}}]},
        {"content": [{"type": "tool_use", "name": "f", "input": {"id": "ID"}}]},
        {"content": [{"type": "tool_use", "name": "f", "input": {"message_id": "ID"}}]},
        {"parts": [{"function_call": {"name": "f", "args": {"items": [{"id": "ID"}]}}}]},
    ],
)
def test_ids_in_parsed_arguments_of_a_request_are_never_hidden(message: Any) -> None:
    old, new = (
        made.chat_single(asked=made.request([json.loads(json.dumps(message).replace("ID", name))]))
        for name in ("a", "b")
    )
    ledger = compared(old, new)
    assert [change.change_class for change in ledger.changes] == ["request"]


@pytest.mark.parametrize("name", ["values", "embedding"])
def test_vectors_in_tool_arguments_are_never_hidden(name: str) -> None:
    near = made.vector()
    near[3] += 0.0004
    old, new = (
        made.chat_single(made.Answer(None, calls=[("c", "plot", json.dumps({name: found}))]))
        for found in (made.vector(), near)
    )
    assert [change[0] for change in made.told(old, new)] == ["tool"]


@pytest.mark.parametrize("new", [False, None, "true", 1, 0, ABSENT])
def test_an_exception_that_is_none_any_more(new: Any) -> None:
    old = made.exception()
    place = "/response/is_exception"
    assert [
        change[0] for change in made.told(old, without(old, place) if new is ABSENT else with_value(old, place, new))
    ] == ["error"]


def test_the_name_of_a_model_is_never_hidden() -> None:
    def retrieved(name: str) -> Any:
        return made.recording(made.typed("openai.types.model.Model", {"id": name, "object": "model", "owned_by": "x"}))

    assert made.told(retrieved("gpt-4"), retrieved("gpt-5"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("https://h/x?policy=strict", "https://h/x?policy=lenient"),
        ("https://h/x?st=CA", "https://h/x?st=NY"),
        ("https://h/x?token=page-1&n=5", "https://h/x?token=page-2&n=5"),
        ("https://h/x?exp=1", "https://h/x?exp=2"),
    ],
)
def test_a_parameter_that_is_no_signature(old: str, new: str) -> None:
    asked = [{**made.request(), "url": url} for url in (old, new)]
    assert made.told(*(made.chat_single(asked=one) for one in asked))


def test_a_link_signed_anew_is_noise() -> None:
    bodies = [{"link": f"https://h/x?a=1&X-Amz-Date={n}&X-Amz-Signature={n}"} for n in (1, 2)]
    assert made.hidden(*map(made.recording, bodies)) == {"signed-url": [1, 1]}
    other = made.recording({"link": "https://h/x?a=2&X-Amz-Date=1&X-Amz-Signature=1"})
    assert made.told(made.recording(bodies[0]), other)


@pytest.mark.parametrize("key", ["created", "updated", "total_time"])
@pytest.mark.parametrize(("old", "new"), [(True, False), ({"ok": "yes"}, {"ok": "no"}), ("yes", "no")])
def test_a_flag_with_the_name_of_a_time(key: str, old: Any, new: Any) -> None:
    assert made.told(made.recording({key: old}), made.recording({key: new}))


@pytest.mark.parametrize(
    ("old", "new"),
    [(["a"], ["a", ""]), (["a", None, "b"], ["a", "b"]), ([], [{}]), ([[]], []), ([{"a": 1}], [{"a": 1}, {}])],
)
def test_an_empty_item_of_a_list_is_an_item(old: Any, new: Any) -> None:
    asked = [made.request(input=items) for items in (old, new)]
    assert [change[0] for change in made.told(*(made.chat_single(asked=one) for one in asked))] == ["request"]


@pytest.mark.parametrize("name", ["chat-single-calls", "chat-stream-calls", "anthropic-single"])
def test_an_id_that_became_empty_is_a_change(name: str) -> None:
    old = BUILDERS[name]()
    text = json.dumps(old)
    new = json.loads(text.replace('"id": "call_2"', '"id": ""').replace('"id": "toolu_1"', '"id": ""'))
    assert compared(old, new).changes


@pytest.mark.parametrize("value", [0, False, 1])
@pytest.mark.parametrize("key", ["tool_calls", "function_call", "role"])
def test_zero_and_false_are_never_a_frame(key: str, value: Any) -> None:
    old = made.chat_single()
    assert made.told(old, with_value(old, f"/response/body/__data__/choices/0/message/{key}", value))


@pytest.mark.parametrize("key", ["tool_calls", "function_call"])
def test_empty_values_of_a_single_response_are_no_chunks(key: str) -> None:
    old = made.chat_single()
    new = with_value(old, f"/response/body/__data__/choices/0/message/{key}", [])
    assert made.hidden(old, new) == {"empty-value": [1, 1]}


def test_the_name_of_an_event_is_compared() -> None:
    old = made.anthropic_lines()
    lines = list(old["response"]["body"])
    lines[-2] = "event: error"
    assert made.told(old, with_value(old, "/response/body", lines))


def test_an_sdk_type_that_became_empty() -> None:
    old = made.chat_stream()
    assert made.told(old, with_value(old, "/response/body/2/__type__", ""))


@pytest.mark.parametrize(
    ("old", "new"), [(None, float("nan")), (float("inf"), float("-inf")), (float("nan"), float("inf"))]
)
def test_numbers_that_are_none_differ(old: Any, new: Any) -> None:
    assert made.told(made.recording({"x": old}), made.recording({"x": new}))


@pytest.mark.parametrize("name", ["anthropic-single", "gemini-single"])
def test_usage_that_is_no_object_is_compared(name: str) -> None:
    document = BUILDERS[name]()
    key = "usage" if name.startswith("anthropic") else "usage_metadata"
    old, new = (with_value(document, f"/response/body/{key}", value) for value in (5, 6))
    assert [change[0] for change in made.told(old, new)] == ["usage"]
