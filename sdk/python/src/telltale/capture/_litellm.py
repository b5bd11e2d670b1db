"""LiteLLM: completions and embeddings, also streamed, also asynchronous. What it asks of a client that is captured itself,
as of ``openai``'s, that client reports."""

from __future__ import annotations

import functools
import importlib
import inspect
import sys
import weakref
from typing import Any, Optional

from .._calls import LlmCall
from .._once import FrameworkCall, open_call, reported_below
from ._client import given, plain
from ._openai import ChatAnswer, EmbeddingAnswer
from ._runs import quietly

_FUNCTIONS = ("completion", "acompletion", "embedding", "aembedding")
#: ``(wrapper, original)`` of functions; originals of methods of streams.
_functions: list[tuple[Any, Any]] = []
_methods: dict[str, Any] = {}


def patch() -> list[str]:
    litellm: Any = importlib.import_module("litellm")
    if not _functions:
        for name in _FUNCTIONS:
            original = getattr(litellm, name)
            wrapper = _reporting(original, ChatAnswer if name.endswith("completion") else EmbeddingAnswer)
            _functions.append((wrapper, original))
            _replace(name, original, wrapper)
        _patch_streams()
    return list(_FUNCTIONS)


def unpatch() -> None:
    for wrapper, original in _functions:
        _replace(original.__name__, wrapper, original)
    _functions.clear()
    owner = importlib.import_module("litellm").CustomStreamWrapper
    for name, original in _methods.items():
        setattr(owner, name, original)
    _methods.clear()


def _replace(name: str, old: Any, new: Any) -> None:
    """Also for who has imported it by its name already."""
    for module in list(sys.modules.values()):
        if getattr(module, "__dict__", {}).get(name) is old:
            setattr(module, name, new)


def _reporting(original: Any, answer: Any) -> Any:
    if inspect.iscoroutinefunction(original):

        @functools.wraps(original)
        async def wrapper(*args: Any, **kwargs: Any) -> Any:
            call = quietly(_begin, original.__name__, args, kwargs)
            if call is None:
                return await original(*args, **kwargs)
            try:
                result = await original(*args, **kwargs)
            except BaseException as error:
                call.end(error)
                raise
            quietly(_settle, call, result, answer())
            return result

    else:

        @functools.wraps(original)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            call = quietly(_begin, original.__name__, args, kwargs)
            if call is None:
                return original(*args, **kwargs)
            try:
                result = original(*args, **kwargs)
            except BaseException as error:
                call.end(error)
                raise
            quietly(_settle, call, result, answer())
            return result

    return wrapper


def _begin(function: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Optional[FrameworkCall]:
    outer = open_call()
    if outer is not None and outer.library == "litellm":
        # ``acompletion`` calls ``completion``, and so does a retry.
        return None
    reported_below()
    by_name = {**dict(zip(("model", "messages"), args)), **kwargs}
    said = given(by_name, "model", "messages", "input", "tools", "temperature", "top_p", "seed", "max_tokens",
                 "max_completion_tokens", "dimensions")  # fmt: skip
    limits = [said.pop(name, None) for name in ("max_completion_tokens", "max_tokens")]
    name = str(said.pop("model", ""))
    model, provider = _model_and_provider(name, kwargs)
    is_embedding = function.endswith("embedding")
    call = FrameworkCall(
        model, provider=provider, input=plain(said.pop("input", None) if is_embedding else said.pop("messages", None)),
        name=f"embeddings {model}" if is_embedding else "",
    )  # fmt: skip
    call.library = "litellm"
    if is_embedding:
        call.kind = "embedding"
    return call.set(request_max_tokens=next((one for one in limits if one is not None), None), **plain(said)).watch()


def _model_and_provider(name: str, kwargs: dict[str, Any]) -> tuple[str, str]:
    try:
        model, provider = sys.modules["litellm"].get_llm_provider(
            model=name, custom_llm_provider=kwargs.get("custom_llm_provider"), api_base=kwargs.get("api_base")
        )[:2]
        return str(model), str(provider)
    except Exception:
        # A name that only LiteLLM's router knows, or none.
        return name, ""


def _settle(call: FrameworkCall, result: Any, answer: Any) -> None:
    if inspect.isawaitable(result):
        # A caller that asks for a coroutine itself (``acompletion=True``): nothing of its answer is seen here.
        call.end()
    elif type(result).__name__ == "CustomStreamWrapper":
        watcher = result._telltale = _Watcher(call, answer)
        # One that is dropped before its end ends all the same.
        weakref.finalize(result, watcher.end)
    else:
        if (getattr(result, "_hidden_params", None) or {}).get("cache_hit"):
            call.is_elsewhere = True
        answer.whole(result)
        answer.tell(call)
        call.end()


class _Watcher:
    """Collects the pieces of a stream as they go by."""

    def __init__(self, call: LlmCall, answer: Any) -> None:
        self.call = call
        self.answer = answer

    def piece(self, piece: Any) -> None:
        if self.answer.piece(piece):
            self.call.first_token()

    def end(self, error: Optional[BaseException] = None) -> None:
        if not self.call.ended:
            quietly(self.answer.tell, self.call)
            self.call.end(error)


def _patch_streams() -> None:
    owner: Any = importlib.import_module("litellm").CustomStreamWrapper
    following, following_async = owner.__next__, owner.__anext__
    _methods.update(__next__=following, __anext__=following_async)

    @functools.wraps(following)
    def next_piece(self: Any) -> Any:
        watcher: Optional[_Watcher] = self.__dict__.get("_telltale")
        if watcher is None:
            return following(self)
        try:
            piece = following(self)
        except BaseException as error:
            watcher.end(error)
            raise
        quietly(watcher.piece, piece)
        return piece

    @functools.wraps(following_async)
    async def next_piece_async(self: Any) -> Any:
        watcher: Optional[_Watcher] = self.__dict__.get("_telltale")
        if watcher is None:
            return await following_async(self)
        try:
            piece = await following_async(self)
        except BaseException as error:
            watcher.end(error)
            raise
        quietly(watcher.piece, piece)
        return piece

    owner.__next__, owner.__anext__ = next_piece, next_piece_async
