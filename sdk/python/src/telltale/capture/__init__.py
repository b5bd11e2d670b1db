"""Capture of clients of model providers and of frameworks: which are patched, and why the others are not."""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import sys
from typing import Any, NamedTuple


class Library(NamedTuple):
    """What is patched of a library, and when."""

    module: str
    #: Once this is imported: the library itself, or the part of it that is patched.
    after: str
    distribution: str


LIBRARIES = {
    "openai": Library("_openai", "openai", "openai"),
    "anthropic": Library("_anthropic", "anthropic", "anthropic"),
    "langchain_core": Library("_langchain", "langchain_core.tracers.context", "langchain-core"),
    "agents": Library("_agents", "agents", "openai-agents"),
    "pydantic_ai": Library("_pydantic_ai", "pydantic_ai", "pydantic-ai-slim"),
    "litellm": Library("_litellm", "litellm", "litellm"),
    "mcp": Library("_mcp", "mcp.client.session", "mcp"),
}
_status: dict[str, str] = {}


def install_capture() -> None:
    """Patches each library that is there. One that is imported later than ``install`` is patched just the same."""
    for name, library in LIBRARIES.items():
        _status[name] = _patch(name, library)


def _patch(name: str, library: Library) -> str:
    if library.after not in sys.modules:
        try:
            # ``agents`` is what many programs call a package of their own.
            if importlib.util.find_spec(name) is None or (name == "agents" and not _version(library)):
                return "not patched, because it is not installed"
        except (ImportError, ValueError) as error:
            return f"not patched, because it cannot be found: {error}"
        _finder.wanted[library.after] = name
        if _finder not in sys.meta_path:
            sys.meta_path.insert(0, _finder)
        return "not patched yet, because it is not imported yet"
    return _patch_now(name)


def _patch_now(name: str) -> str:
    library = LIBRARIES[name]
    try:
        patched: list[str] = _module(library).patch()
    except Exception as error:
        return f"not patched, because {type(error).__name__}: {error}"
    return f"patched: {name} {_version(library) or '?'} ({', '.join(patched)})"


def _module(library: Library) -> Any:
    return importlib.import_module(f"telltale.capture.{library.module}")


def _version(library: Library) -> str:
    try:
        return importlib.metadata.version(library.distribution)
    except importlib.metadata.PackageNotFoundError:
        return ""


def remove_capture() -> None:
    for name, library in LIBRARIES.items():
        if _status.pop(name, "").startswith("patched"):
            try:
                _module(library).unpatch()
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
        #: Module after which to patch, and the library.
        self.wanted: dict[str, str] = {}

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        library = self.wanted.pop(name, None)
        if library is None:
            return None
        spec = importlib.util.find_spec(name)
        if spec is None or spec.loader is None or not hasattr(spec.loader, "exec_module"):
            return spec
        execute = spec.loader.exec_module

        def run(module: Any) -> None:
            execute(module)
            _status[library] = _patch_now(library)

        spec.loader.exec_module = run  # type: ignore[method-assign]
        return spec


_finder: Any = _PatchAtImport()


def import_all() -> None:
    """Imports what is installed, so that a self-test can say of each library whether it could be patched."""
    for name, library in LIBRARIES.items():
        if not _version(library):
            continue
        try:
            importlib.import_module(library.after)
        except Exception as error:
            if not isinstance(error, ModuleNotFoundError):
                _status[name] = f"not patched, because importing it failed: {type(error).__name__}: {error}"
