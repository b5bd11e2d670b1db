"""Common to all clients: a method is replaced by one that does the same and reports the call of the model."""

from __future__ import annotations

import functools
import inspect
import weakref
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, Optional, Protocol

from .._calls import LlmCall
from .._once import reported_below
from .._scope import current
from .._state import state
from ._runs import quietly


class Answer(Protocol):
    """Collects what an answer says, whole or in pieces."""

    def piece(self, piece: Any) -> bool:
        """Takes one piece of a stream; whether it has something of the answer itself."""

    def whole(self, answer: Any) -> None:
        """Takes an answer that came at once."""

    def tell(self, call: LlmCall) -> None:
        """Says what was collected."""


Begin = Callable[[Any, dict[str, Any]], LlmCall]
_originals: list[tuple[Any, str, Any]] = []


def patch_method(owner: Any, name: str, begin: Begin, answer: Callable[[], Answer]) -> str:
    """Replaces ``owner.name``; answers what to call it."""
    original = getattr(owner, name)
    if getattr(original, "_telltale", False):
        return f"{owner.__name__}.{name}"
    wrapper: Any
    if inspect.iscoroutinefunction(inspect.unwrap(original)):

        @functools.wraps(original)
        async def wrapper(self: Any, *args: Any, **kwargs: Any) -> Any:
            call = _start(begin, self, kwargs)
            if call is None:
                return await original(self, *args, **kwargs)
            try:
                result = await original(self, *args, **kwargs)
            except BaseException as error:
                call.end(error)
                raise
            return _settle(call, result, answer())

    else:

        @functools.wraps(original)
        def wrapper(self: Any, *args: Any, **kwargs: Any) -> Any:
            call = _start(begin, self, kwargs)
            if call is None:
                return original(self, *args, **kwargs)
            try:
                result = original(self, *args, **kwargs)
            except BaseException as error:
                call.end(error)
                raise
            if inspect.isawaitable(result):
                return _settle_later(call, result, answer())
            return _settle(call, result, answer())

    wrapper._telltale = True
    setattr(owner, name, wrapper)
    _originals.append((owner, name, original))
    return f"{owner.__name__}.{name}"


def patch_manager(owner: Any, original: Any, request: str, begin: Begin, answer: Callable[[], Answer]) -> None:
    """Replaces a method whose context manager makes the request when it is entered; ``request`` names its attribute."""

    @functools.wraps(original)
    def wrapper(self: Any, *args: Any, **kwargs: Any) -> Any:
        manager = original(self, *args, **kwargs)
        ask = getattr(manager, request, None)
        if ask is None:
            return manager
        if inspect.isawaitable(ask):

            async def asked() -> Any:
                call = _start(begin, self, kwargs)
                return await ask if call is None else await _settle_later(call, ask, answer())

            setattr(manager, request, asked())
        else:

            def ask_now() -> Any:
                call = _start(begin, self, kwargs)
                if call is None:
                    return ask()
                try:
                    result = ask()
                except BaseException as error:
                    call.end(error)
                    raise
                return _settle(call, result, answer())

            setattr(manager, request, ask_now)
        return manager

    wrapper._telltale = True  # type: ignore[attr-defined]
    owner.stream = wrapper
    _originals.append((owner, "stream", original))


def unpatch_methods(package: str) -> None:
    """Gives the methods of one package back."""
    for one in list(_originals):
        owner, name, original = one
        if owner.__module__.split(".")[0] == package:
            setattr(owner, name, original)
            _originals.remove(one)


def _start(begin: Begin, client: Any, kwargs: dict[str, Any]) -> Optional[LlmCall]:
    """The call, begun; None where nothing is installed."""
    runtime = state.runtime
    if runtime is None or current.get().muted:
        return None
    try:
        call = begin(client, kwargs).begin()
        reported_below()
        return call
    except Exception as error:
        runtime.failed("capture", error)
        return None


def _settle(call: LlmCall, result: Any, answer: Answer) -> Any:
    """Ends the call with its answer; one that is streamed ends with its stream."""
    try:
        # ``with_raw_response``: the body is read, and what is parsed is kept for when the application asks for it.
        seen = result.parse() if type(result).__name__ == "LegacyAPIResponse" else result
        if hasattr(seen, "_iterator") and (hasattr(seen, "__next__") or hasattr(seen, "__anext__")):
            _follow(call, seen, answer)
            call.leave()
        elif hasattr(seen, "http_response"):
            # ``with_streaming_response``: the body is the application's to read.
            _await_parse(call, seen, answer)
            call.leave()
        else:
            answer.whole(seen)
            answer.tell(call)
            call.end()
    except Exception as error:
        if state.runtime is not None:
            state.runtime.failed("capture", error)
        call.end()
    return result


def _await_parse(call: LlmCall, response: Any, answer: Answer) -> None:
    """Ends the call once the application has had the body parsed, else when it closes the response."""
    parse, close, is_parsed = response.parse, response.close, False

    def parsed(body: Any) -> Any:
        nonlocal is_parsed
        if not is_parsed:
            is_parsed = True
            _settle(call, body, answer)
        return body

    def closed() -> None:
        if not call.ended:
            if is_parsed:
                quietly(answer.tell, call)
            else:
                call.set(body="not read")
            call.end()

    async def parse_later(*args: Any, **kwargs: Any) -> Any:
        return parsed(await parse(*args, **kwargs))

    async def close_later() -> None:
        try:
            await close()
        finally:
            closed()

    def parse_now(*args: Any, **kwargs: Any) -> Any:
        return parsed(parse(*args, **kwargs))

    def close_now() -> None:
        try:
            close()
        finally:
            closed()

    is_asynchronous = inspect.iscoroutinefunction(close)
    response.parse, response.close = (parse_later, close_later) if is_asynchronous else (parse_now, close_now)


async def _settle_later(call: LlmCall, awaited: Any, answer: Answer) -> Any:
    try:
        result = await awaited
    except BaseException as error:
        call.end(error)
        raise
    return _settle(call, result, answer)


def _follow(call: LlmCall, stream: Any, answer: Answer) -> None:
    """Watches a stream go by. The stream stays the object that it is; only what it reads from is wrapped."""
    # Not bound to the stream: one that is dropped must not wait for the garbage collector.
    inner, close, reference = stream._iterator, type(stream).close, weakref.ref(stream)

    def finish(error: Optional[BaseException] = None) -> None:
        if not call.ended:
            quietly(answer.tell, call)
            call.end(error)

    if hasattr(inner, "__anext__"):
        stream._iterator = _async_pieces(call, inner, answer, finish)

        async def aclose() -> None:
            try:
                await close(reference())
            finally:
                finish()

        stream.close = aclose
    else:
        stream._iterator = _pieces(call, inner, answer, finish)

        def closed() -> None:
            try:
                close(reference())
            finally:
                finish()

        stream.close = closed


def _pieces(call: LlmCall, inner: Any, answer: Answer, finish: Callable[..., None]) -> Iterator[Any]:
    try:
        for piece in inner:
            _piece(call, answer, piece)
            yield piece
    except GeneratorExit:
        finish()
        raise
    except BaseException as error:
        finish(error)
        raise
    finish()


async def _async_pieces(call: LlmCall, inner: Any, answer: Answer, finish: Callable[..., None]) -> AsyncIterator[Any]:
    try:
        async for piece in inner:
            _piece(call, answer, piece)
            yield piece
    except GeneratorExit:
        finish()
        raise
    except BaseException as error:
        finish(error)
        raise
    finish()


def _piece(call: LlmCall, answer: Answer, piece: Any) -> None:
    if quietly(answer.piece, piece):
        call.first_token()


def plain(value: Any) -> Any:
    """Objects of the clients (pydantic models) as what they are in JSON."""
    dump = getattr(value, "model_dump", None)
    if dump is not None:
        return dump(exclude_none=True)
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value


def given(kwargs: dict[str, Any], *names: str) -> dict[str, Any]:
    """Those parameters that the application gave a value."""
    absent = ("NoneType", "NotGiven", "Omit")
    return {name: kwargs[name] for name in names if type(kwargs.get(name)).__name__ not in absent}


def number(value: Any, *path: str) -> Optional[int]:
    """A count somewhere in an object of a client."""
    for name in path:
        value = getattr(value, name, None)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
