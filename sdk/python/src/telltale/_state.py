"""The one runtime of this process, or none: before ``install``, when disabled, and after ``shutdown``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Optional

if TYPE_CHECKING:
    from ._runtime import Runtime


class _State:
    runtime: Optional[Runtime] = None


state = _State()
