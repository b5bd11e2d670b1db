"""``@telltale.tool``: for functions, coroutines, generators and asynchronous generators."""

from __future__ import annotations

import functools
import inspect
from collections.abc import AsyncGenerator, Callable, Generator
from typing import Any, Optional, TypeVar, Union, overload

from ._calls import ToolCall
from ._once import covering_tool
from ._scope import current, reset
from ._snapshot import snapshot
from ._state import state

F = TypeVar("F", bound=Callable[..., Any])
_MAX_ITEMS = 1000


@overload
def tool(function: F) -> F: ...
@overload
def tool(function: None = None, *, name: str = "", record: bool = True) -> Callable[[F], F]: ...


def tool(function: Optional[F] = None, *, name: str = "", record: bool = True) -> Union[F, Callable[[F], F]]:
    """Reports each call of a function as a call of a tool. ``record=False`` leaves arguments and result out."""
    if function is None:
        return lambda found: _wrap(found, name, record)
    return _wrap(function, name, record)


def _wrap(function: F, name: str, record: bool) -> F:
    called = name or getattr(function, "__name__", "tool")
    try:
        names: Optional[tuple[str, ...]] = _positional(function)
    except (TypeError, ValueError):
        names = None

    def is_reported() -> bool:
        """A framework that runs this function as its tool of the same name reports the call."""
        outer = covering_tool(called)
        if outer is not None and not record:
            outer.withhold()
        return outer is not None

    def start(args: tuple[Any, ...], kwargs: dict[str, Any]) -> ToolCall:
        return ToolCall(called, _arguments(names, args, kwargs) if record else None)

    wrapper: Any
    if inspect.isasyncgenfunction(function):

        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            items = function(*args, **kwargs)
            return items if is_reported() else _async_items(start(args, kwargs), items, record)

    elif inspect.isgeneratorfunction(function):

        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            items = function(*args, **kwargs)
            return items if is_reported() else _items(start(args, kwargs), items, record)

    elif inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def wrapper(*args: Any, **kwargs: Any) -> Any:
            if state.runtime is None or is_reported():
                return await function(*args, **kwargs)
            with start(args, kwargs) as call:
                result = await function(*args, **kwargs)
                if record:
                    call.result(result)
                return result

    else:

        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            if state.runtime is None or is_reported():
                return function(*args, **kwargs)
            with start(args, kwargs) as call:
                result = function(*args, **kwargs)
                if record:
                    call.result(result)
                return result

    return wrapper  # type: ignore[no-any-return]


def _positional(function: Callable[..., Any]) -> tuple[str, ...]:
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return tuple(one.name for one in inspect.signature(function).parameters.values() if one.kind in kinds)


def _arguments(names: Optional[tuple[str, ...]], args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """Arguments by name; ``self`` and ``cls`` are none."""
    if names is None:
        return {**{str(index): arg for index, arg in enumerate(args)}, **kwargs}
    found = dict(zip(names, args))
    if names and names[0] in ("self", "cls"):
        found.pop(names[0], None)
    if len(args) > len(names):
        found["args"] = args[len(names) :]
    found.update(kwargs)
    return found


class _Inside:
    """The tool's place while its generator runs, the caller's while it waits."""

    def __init__(self, call: ToolCall) -> None:
        self.call = call

    def __enter__(self) -> None:
        self.before = current.get()
        self.token = current.set(self.call.scope)

    def __exit__(self, *exc: object) -> None:
        reset(self.token, self.before)


def _items(call: ToolCall, inner: Generator[Any, Any, Any], record: bool) -> Generator[Any, Any, Any]:
    call.begin()
    call.leave()
    sent: Any = None
    raised: Optional[BaseException] = None
    items: list[Any] = []
    failed: Optional[BaseException] = None
    try:
        while True:
            with _Inside(call):
                try:
                    item = inner.throw(raised) if raised is not None else inner.send(sent)
                except StopIteration as stop:
                    return stop.value
            if record and len(items) < _MAX_ITEMS:
                items.append(snapshot(item))
            sent = raised = None
            try:
                sent = yield item
            except GeneratorExit:
                with _Inside(call):
                    inner.close()
                raise
            except BaseException as error:
                raised = error
    except BaseException as error:
        failed = error
        raise
    finally:
        call.result(items if record else None)
        call.end(failed)


async def _async_items(call: ToolCall, inner: AsyncGenerator[Any, Any], record: bool) -> AsyncGenerator[Any, Any]:
    call.begin()
    call.leave()
    sent: Any = None
    raised: Optional[BaseException] = None
    items: list[Any] = []
    failed: Optional[BaseException] = None
    try:
        while True:
            with _Inside(call):
                try:
                    item = await (inner.athrow(raised) if raised is not None else inner.asend(sent))
                except StopAsyncIteration:
                    return
            if record and len(items) < _MAX_ITEMS:
                items.append(snapshot(item))
            sent = raised = None
            try:
                sent = yield item
            except GeneratorExit:
                with _Inside(call):
                    await inner.aclose()
                raise
            except BaseException as error:
                raised = error
    except BaseException as error:
        failed = error
        raise
    finally:
        call.result(items if record else None)
        call.end(failed)
