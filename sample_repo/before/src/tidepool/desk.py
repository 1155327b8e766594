"""The desk itself: questions in, answers out, through whichever service has them."""

from __future__ import annotations

from typing import Any

from tidepool import prompts, settings, tools
from tidepool.replies import Reply, read_chat, read_content, read_messages
from tidepool.services import ServiceError, Services

CLOSED = "The desk is closed for a moment. Please ring the bell."


class Desk:
    """Answers visitors. What it asks, and whom, is all here."""

    def __init__(self, services: Services, model: str = settings.MODEL) -> None:
        self._services = services
        self._model = model

    def outlook(self, question: str, *, stream: bool = False) -> str:
        """The weather, or a polite sentence where the model server does not answer."""
        body: dict[str, Any] = {"model": self._model, "messages": _asking(question, prompts.OUTLOOK)}
        try:
            return self._chat(settings.MODEL_SERVER, {**body, "stream": stream}).text
        except ServiceError:
            return CLOSED

    def advise(self, question: str) -> str:
        """Whether to take a boat out."""
        body = {"model": self._model, "messages": _asking(question, prompts.ADVICE), "stream": False}
        return self._chat(settings.MODEL_SERVER, body).text

    def chat(self, question: str) -> str:
        """Small talk, which the hosted model is better at."""
        body = {"model": self._model, "messages": _asking(question), "stream": True}
        return self._chat(settings.HOSTED, body).text

    def plan(self, question: str, tool: str) -> Reply:
        """Which call of a tool would answer a question; nothing is called yet."""
        body = {"model": self._model, "messages": _asking(question), "tools": [tools.declared(tool)]}
        return self._chat(settings.MODEL_SERVER, {**body, "stream": False})

    def work_out(self, question: str, *names: str, server: str = settings.MODEL_SERVER) -> str:
        """An answer that needs tools: they are called as long as the model asks for them."""
        messages = _asking(question)
        while True:
            declared = [tools.declared(name) for name in names]
            reply = self._chat(server, {"model": self._model, "messages": messages, "tools": declared, "stream": False})
            if not reply.calls:
                return reply.text
            calls = [
                {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
                for call in reply.calls
            ]
            messages = [*messages, {"role": "assistant", "content": reply.text, "tool_calls": calls}]
            for call in reply.calls:
                found = tools.run(call.name, call.arguments)
                messages.append({"role": "tool", "tool_call_id": call.id, "content": found})

    def summary(self, notes: str) -> str:
        """A day's notes in one sentence."""
        body = {"model": self._model, "messages": _asking(notes, prompts.SUMMARY)}
        return self._chat(settings.HOSTED, {**body, "stream": settings.SUMMARY_STREAMS}).text

    def guide(self, question: str) -> Reply:
        """The guide who shows groups around, and who books tours."""
        tool = tools.declared("get_tides")["function"]
        booking = {"name": "book_tour", "description": "Books a tour.", "input_schema": tool["parameters"]}
        body = {"model": self._model, "max_tokens": 200, "messages": _asking(question), "tools": [booking]}
        return read_messages(self._services.post(settings.GUIDE_URL, {**body, "stream": True}))

    def describe(self, question: str) -> str:
        """What lives in the pools."""
        contents = [{"role": "user", "parts": [{"text": question}]}]
        body = {"model": self._model, "contents": contents, "config": {}}
        return read_content(self._services.post(settings.NATURALIST_URL, body)).text

    def embed(self, texts: list[str]) -> list[list[float]]:
        """Texts as vectors, for the search in the station's pages."""
        body = {"model": self._model, "input": texts, "encoding_format": "float"}
        answer = self._services.post(f"{settings.EMBEDDING_SERVER}/embeddings", body)
        return [item["embedding"] for item in answer["data"]]

    def _chat(self, server: str, body: dict[str, Any]) -> Reply:
        return read_chat(self._services.post(f"{server}/chat/completions", body))


def _asking(question: str, prompt: str = "") -> list[dict[str, Any]]:
    told = [{"role": "system", "content": prompt}] if prompt else []
    return [*told, {"role": "user", "content": question}]
