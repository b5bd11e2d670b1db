"""The README's quick start runs as it stands."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from .fake_gateway import FakeGateway

HOME = Path(__file__).parents[1]


def test_the_quick_start(gateway: FakeGateway) -> None:
    found = re.search(r"## Ten lines\n\n```python\n(.*?)```", (HOME / "README.md").read_text("utf-8"), re.DOTALL)
    assert found is not None
    program = found[1].replace("http://localhost:4318", gateway.url).replace("…", "key")
    run = subprocess.run(
        [sys.executable, "-c", program], env={"PYTHONPATH": str(HOME / "src")}, capture_output=True, text=True, timeout=120
    )
    assert run.returncode == 0, run.stderr
    assert [event["kind"] for event in gateway.events] == ["llm", "tool", "turn", "log"] and "✓ turn answer" in run.stderr
    assert gateway.named("turn")[0]["output"] == ["tea"] and gateway.named("tool")[0]["tool"]["arguments"] == {"query": "tea"}
