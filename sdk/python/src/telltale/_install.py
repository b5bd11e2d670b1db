"""``install`` and its opposite, and what happens at a fork and at the end of the process."""

from __future__ import annotations

import atexit
import os
import sys
from typing import Any, Optional

from . import _ids
from ._config import read_settings, startup_line
from ._control import Control
from ._hooks import install_hooks, remove_hooks
from ._keeper import Keeper
from ._ring import rings
from ._runtime import Runtime
from ._state import state
from ._threads import install_threads, remove_threads

_registered = False


def install(**settings: Any) -> bool:
    """Starts Telltale for this process, whatever its program already does with ``logging``.

    Settings are those of the README, each as an argument or as the variable ``TELLTALE_<NAME>``. Answers whether it is
    on: ``TELLTALE_DISABLED=1`` turns it off, and trouble of its own never reaches the caller. A second call replaces
    the first one's settings.
    """
    try:
        return _install(settings)
    except Exception as error:
        sys.stderr.write(f"telltale: not installed: {type(error).__name__}: {error}\n")
        return False


def _install(given: dict[str, Any]) -> bool:
    global _registered
    settings, problems = read_settings(given)
    if state.runtime is not None:
        shutdown()
    if settings.disabled:
        return False
    runtime = Runtime(settings)
    keeper = Keeper(settings, runtime)
    runtime.add_worker(keeper)
    runtime.keeper = keeper
    if settings.control:
        control = Control(settings, runtime.verbosity, runtime.flush_matching, keeper.reported)
        runtime.add_worker(control)
        runtime.control = control
    state.runtime = runtime
    runtime.console.open()
    install_hooks(runtime)
    if settings.threads:
        install_threads()
    if settings.capture:
        from .capture import install_capture

        install_capture()
    if not _registered:
        _registered = True
        atexit.register(_at_exit)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=_after_fork)
    if settings.startup_line:
        try:
            sys.stderr.write(startup_line(settings, problems) + "\n")
        except Exception:
            pass
    # Directives are wanted before the first record: it may be the one that they are about.
    runtime.start()
    return True


def shutdown(timeout: Optional[float] = None) -> None:
    """Sends what waits, within ``timeout`` seconds, and takes everything back that ``install`` did."""
    runtime = state.runtime
    if runtime is None:
        return
    try:
        runtime.summarize()
        runtime.close(runtime.settings.exit_timeout_s if timeout is None else timeout)
    finally:
        state.runtime = None
        remove_hooks()
        remove_threads()
        from .capture import remove_capture

        remove_capture()
        runtime.console.close()
        rings.clear(rings.outside)


def flush(timeout: float = 5.0) -> bool:
    """Sends all that was taken so far; whether it is gone within ``timeout`` seconds. For functions that freeze after
    each call (AWS Lambda), and for tests."""
    runtime = state.runtime
    if runtime is None:
        return True
    try:
        return runtime.flush(timeout)
    except Exception as error:
        runtime.failed("flush", error)
        return False


def _at_exit() -> None:
    try:
        shutdown()
    except Exception:
        pass


def _after_fork() -> None:
    """In the child: the threads of the parent do not exist here, and its locks may be held for ever."""
    try:
        _ids.renew()
        rings.renew()
        runtime = state.runtime
        if runtime is None:
            return
        runtime.renew()
        install_hooks(runtime)
        util = sys.modules.get("multiprocessing.util")
        if util is not None:
            # A child of ``multiprocessing`` ends without ``atexit``; it clears its finalizers first, then runs this.
            util.register_after_fork(runtime, _finalize_child)
    except Exception:
        state.runtime = None


def _finalize_child(runtime: Runtime) -> None:
    from multiprocessing import util

    util.Finalize(None, _at_exit, exitpriority=-100)
