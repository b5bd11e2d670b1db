"""Capture of the clients of model providers: which are patched, and why the others are not."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from typing import Any

_MODULES = {"openai": "telltale.capture._openai", "anthropic": "telltale.capture._anthropic"}
_status: dict[str, str] = {}


def install_capture() -> None:
    """Patches each library that is there. One that is imported later than ``install`` is patched just the same."""
    for library, module in _MODULES.items():
        _status[library] = _patch(library, module)


def _patch(library: str, module: str) -> str:
    if library not in sys.modules:
        try:
            if importlib.util.find_spec(library) is None:
                return "not patched, because it is not installed"
        except (ImportError, ValueError) as error:
            return f"not patched, because it cannot be found: {error}"
        _finder.wanted.add(library)
        if _finder not in sys.meta_path:
            sys.meta_path.insert(0, _finder)
        return "not patched yet, because it is not imported yet"
    return _patch_now(library, module)


def _patch_now(library: str, module: str) -> str:
    try:
        patched: list[str] = importlib.import_module(module).patch()
    except Exception as error:
        return f"not patched, because {type(error).__name__}: {error}"
    version = getattr(sys.modules.get(library), "__version__", "?")
    return f"patched: {library} {version} ({', '.join(patched)})"


def remove_capture() -> None:
    for library, module in _MODULES.items():
        if _status.pop(library, "").startswith("patched"):
            try:
                importlib.import_module(module).unpatch()
            except Exception:
                pass
    _finder.wanted.clear()
    if _finder in sys.meta_path:
        sys.meta_path.remove(_finder)


def capture_status() -> dict[str, str]:
    """For each library ``patched`` with its version, or ``not patched, because …``."""
    return dict(_status)


class _PatchAtImport:
    """Stands before the finders of ``sys.meta_path``, and patches a library right after it was loaded."""

    def __init__(self) -> None:
        self.wanted: set[str] = set()

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name not in self.wanted:
            return None
        self.wanted.discard(name)
        spec = importlib.util.find_spec(name)
        if spec is None or spec.loader is None or not hasattr(spec.loader, "exec_module"):
            return spec
        execute = spec.loader.exec_module

        def run(module: Any) -> None:
            execute(module)
            _status[name] = _patch_now(name, _MODULES[name])

        spec.loader.exec_module = run  # type: ignore[method-assign]
        return spec


_finder: Any = _PatchAtImport()


def import_all() -> None:
    """Imports what is installed, so that a self-test can say of each library whether it could be patched."""
    for library in _MODULES:
        try:
            importlib.import_module(library)
        except Exception as error:
            if not isinstance(error, ModuleNotFoundError):
                _status[library] = f"not patched, because importing it failed: {type(error).__name__}: {error}"
