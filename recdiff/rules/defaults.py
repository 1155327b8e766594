"""The default rules, as data. Each hides one kind of noise, says why, and can be turned off by its name.

Paths are those of `recdiff show`, from `request` or `response`. What a rule of recdiff's own comparers matches cannot
be told by a path alone; it has a sentence instead of selectors.
"""

from __future__ import annotations

from recdiff.rules.rule import Action, Rule, Values
from recdiff.rules.selectors import parse_selector


def _on(
    name: str,
    reason: str,
    *selectors: str,
    action: Action = "hide",
    tolerance: float | None = None,
    values: Values = "any",
) -> Rule:
    parsed = tuple(map(parse_selector, selectors))
    return Rule(name, reason, action, parsed, tolerance=tolerance, values=values)


def _by(action: Action, name: str, reason: str, matches: str) -> Rule:
    return Rule(name, reason, action, matches=matches)


RESPONSE_ID = "response-id"
CHUNKING = "chunking"
ENVELOPE = "envelope"
EMPTY = "empty-value"
LAYOUT = "json-layout"
RENAMED_ID = "renamed-id"
RECORDER_MAPPING = "recorder-mapping"
EMBEDDING = "embedding-tolerance"
SIGNED_URL = "signed-url"
SEARCH_SCORE = "search-score"

COSINE_TOLERANCE = 1e-5
"""Vectors are the same when 1 − cosine is at most this, and …"""
LARGEST_TOLERANCE = 1e-3
"""… when no two numbers of theirs differ by more than this."""


def default_rules() -> tuple[Rule, ...]:
    """Every default rule, in the order in which `recdiff rules list` prints them."""
    return (
        _on(
            RESPONSE_ID,
            "a server names every response anew",
            "response.reply.extra.id",
            "response.reply.extra.response_id",
            "response.reply.extra.responseId",
            "response.reply.extra.request_id",
            "response.reply.extra.x_groq.id",
            "response.reply.extra.x_request_id",
            "response.body.id",
            "response.body.request_id",
            "response.body.response_id",
            "response.body[*].permission[*].id",
        ),
        _on(
            "created",
            "when a response was made says nothing about it",
            "response.**.created",
            "response.**.created_at",
            "response.**.createdAt",
            "response.**.create_time",
            "response.**.createTime",
            "response.**.created_timestamp",
            values="time",
        ),
        _on(
            "timestamp",
            "clocks go on between two recordings",
            "response.**.updated",
            "response.**.updated_at",
            "response.**.updated_timestamp",
            "response.**.expires_at",
            "response.**.modified_at",
            "response.**.completed_at",
            "response.**.started_at",
            "response.**.headers.Date",
            "response.**.headers.date",
            values="time",
        ),
        _on(
            "duration",
            "how long a server took depends on its load",
            "response.**.total_duration",
            "response.**.load_duration",
            "response.**.prompt_eval_duration",
            "response.**.eval_duration",
            "response.**.time_info.**",
            "response.**.timings.**",
            "response.**.queue_time",
            "response.**.prompt_time",
            "response.**.completion_time",
            "response.**.total_time",
            "response.**.processing_time_ms",
            "response.**.response_ms",
            "response.**.latency_ms",
            "response.**.perf_metrics.**",
            values="number",
        ),
        _on(
            "system-fingerprint",
            "it names the provider's deployment, not the answer",
            "response.reply.extra.system_fingerprint",
            "response.body.system_fingerprint",
        ),
        _on(
            "obfuscation",
            "random padding against eavesdroppers",
            "response.reply.extra.obfuscation",
            "response.reply.choices[*].extra.obfuscation",
        ),
        _on(
            "seed",
            "the sampling seed that a provider reports is drawn for every request",
            "response.reply.choices[*].extra.seed",
        ),
        _on(
            "token-id",
            "the numbers of the tokens of one chunk; the text that they spell is compared",
            "response.reply.choices[*].extra.token_id",
            "response.reply.choices[*].extra.token_ids",
        ),
        _on(
            "thought-signature",
            "a sealed token that differs at every call; the thought itself is compared",
            "response.reply.choices[*].extra.signature",
            "response.reply.choices[*].extra.thought_signature",
            "response.reply.choices[*].extra.thoughtSignature",
            "response.body.outputs[*].signature",
        ),
        _by(
            "chunking",
            CHUNKING,
            "where a stream is cut into chunks says nothing",
            "pieces of a streamed text, and values that every chunk repeats, where what they make is the same",
        ),
        _by(
            "envelope",
            ENVELOPE,
            "the wire's own frame follows from how a response was sent",
            "`object`, `type`, `index` and `role` of chunks and messages, and `is_exception: false`",
        ),
        _by(
            "empty",
            EMPTY,
            "a key without a value says no more than no key",
            "keys that are absent on one side and null, [], {} or an empty string on the other; never 0 or false",
        ),
        _by(
            "layout",
            LAYOUT,
            "key order and white space of JSON text carry no meaning",
            "tool arguments and JSON text whose values are equal",
        ),
        _by(
            "rename",
            RENAMED_ID,
            "providers draw ids anew; the recorder normalises them when it looks a request up",
            "tool-call, message and item ids renamed one to one through all differing recordings of a test",
        ),
        _by(
            "mapping",
            RECORDER_MAPPING,
            "the recorder's own bookkeeping of ids that it replaced",
            "`id_normalization_mapping` at the top of a recording",
        ),
        _by(
            "url",
            SIGNED_URL,
            "signatures of a link expire",
            "links that differ only in signature, expiry and credential parameters; never what a message says",
        ),
        _on(
            SEARCH_SCORE,
            "scores of a search move in their last digits",
            "response.**.score",
            "response.**.scores[*]",
            "response.**.relevance_score",
            "response.**.similarity",
            "response.**.distance",
            action="tolerance",
            tolerance=1e-3,
        ),
        _by(
            "vector",
            EMBEDDING,
            "embeddings differ in their last digits between two runs",
            "vectors of one dimension whose 1 − cosine is at most 1e-5 and whose largest difference is at most 1e-3: "
            "numbers or base64 under `embedding`, `embeddings`, `vector` and `vectors`, and lists of at least 64 "
            "fractions of both signs; never in replies, but by those names, nor in arguments",
        ),
    )
