"""Settings: arguments of ``install`` first, then the environment, then defaults."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, Optional, Union
from urllib.parse import urlsplit

from ._severity import SEVERITIES
from ._version import __version__

#: Takes an event as it would be sent; answers it, changed or not, or None to drop it.
BeforeSend = Callable[[dict[str, Any]], Optional[dict[str, Any]]]
CONTENTS = ("none", "metadata", "full")
_TENANT = re.compile(r"^[a-z0-9][a-z0-9_-]{0,62}$")


@dataclass(frozen=True)
class Settings:
    url: str = "http://localhost:4318"
    api_key: str = ""
    service: str = ""
    service_version: str = ""
    environment: str = ""
    region: str = ""
    release: str = ""
    min_severity: str = "info"
    keep: float = 1.0
    content: str = "full"
    console: Union[bool, str] = "auto"
    json_file: str = ""
    capture: bool = True
    threads: bool = True
    control: bool = True
    redact: bool = True
    ring_bytes: int = 256 * 1024
    ring_age_s: float = 600.0
    ring_linger_s: float = 60.0
    slow_turn_s: float = 30.0
    queue_items: int = 20_000
    queue_bytes: int = 32 * 1024 * 1024
    batch_items: int = 500
    batch_bytes: int = 1024 * 1024
    flush_interval_s: float = 1.0
    timeout_s: float = 10.0
    exit_timeout_s: float = 3.0
    spill_dir: str = ""
    spill_bytes: int = 64 * 1024 * 1024
    max_value_chars: int = 200_000
    before_send: Optional[BeforeSend] = None
    startup_line: bool = True
    disabled: bool = False
    kafka_brokers: str = ""
    kafka_tenant: str = ""
    kafka_config: Optional[dict[str, Any]] = None


#: What the start-up line shows. The key is not in it, nor is anything else that is not named here.
_SHOWN = (
    "url", "service", "service_version", "environment", "min_severity", "keep", "content", "console", "json_file",
    "capture", "control", "redact", "ring_bytes", "slow_turn_s", "spill_dir", "kafka_brokers", "kafka_tenant",
)  # fmt: skip
_VARIABLES = {field.name: f"TELLTALE_{field.name.upper()}" for field in fields(Settings) if field.name != "before_send"}
_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


def read_settings(given: dict[str, Any], environ: Optional[dict[str, str]] = None) -> tuple[Settings, list[str]]:
    """The settings in force and what was wrong with what was given. A wrong value is named and left at its default."""
    env = dict(os.environ) if environ is None else environ
    problems: list[str] = []
    values: dict[str, Any] = {}
    defaults = Settings()
    for name, variable in _VARIABLES.items():
        raw: Any = given[name] if given.get(name) is not None else env.get(variable)
        if raw is None:
            continue
        try:
            values[name] = _read(name, raw, getattr(defaults, name))
        except ValueError as error:
            problems.append(f"{name if given.get(name) is not None else variable} {error}")
    if given.get("before_send") is not None:
        if callable(given["before_send"]):
            values["before_send"] = given["before_send"]
        else:
            problems.append("before_send must be callable")
    _settle_kafka(values, problems)
    problems.extend(f"{name} is no setting" for name in given if name not in _VARIABLES and name != "before_send")
    if not values.get("service"):
        values["service"] = env.get("OTEL_SERVICE_NAME") or _program_name()
    return Settings(**values), problems


def _settle_kafka(values: dict[str, Any], problems: list[str]) -> None:
    """Records to Kafka; directives then come of a gateway only where its URL was given, too."""
    url = values.get("url", "")
    if url.startswith("kafka://"):
        values["kafka_brokers"] = values.get("kafka_brokers") or url[len("kafka://") :]
        del values["url"]
    if not values.get("kafka_brokers"):
        return
    if importlib.util.find_spec("confluent_kafka") is None:
        del values["kafka_brokers"]
        problems.append("kafka_brokers needs confluent-kafka: pip install 'telltale[kafka]'")
    elif "url" not in values:
        values["url"], values["control"] = "", False


def _program_name() -> str:
    name = os.path.basename(sys.argv[0] or "") if getattr(sys, "argv", None) else ""
    name = name[:-3] if name.endswith(".py") else name
    return name if name not in ("", "-c", "-m", "__main__") else "python"


def _read(name: str, raw: Any, default: Any) -> Any:
    if name == "console":
        text = str(raw).lower()
        return "auto" if text == "auto" else _truth(text)
    if isinstance(default, bool):
        return _truth(str(raw).lower())
    if isinstance(default, (int, float)):
        number = float(raw)
        least = 0.0 if name.endswith("_s") else 1e-9
        if not least <= number < 1e15 or (name == "keep" and number > 1):
            raise ValueError("must be over 0 and at most 1" if name == "keep" else "must be a number over 0")
        return int(number) if isinstance(default, int) else number
    if name == "kafka_config":
        found = json.loads(raw) if isinstance(raw, str) else raw
        if not isinstance(found, dict):
            raise ValueError("must be an object of properties of librdkafka")
        return found
    text = str(raw)
    if name == "min_severity" and text not in SEVERITIES:
        raise ValueError(f"must be one of {', '.join(SEVERITIES)}")
    if name == "content" and text not in CONTENTS:
        raise ValueError(f"must be one of {', '.join(CONTENTS)}")
    if name == "url":
        parts = urlsplit(text)
        has_host = parts.netloc if parts.scheme == "kafka" else parts.hostname
        if parts.scheme not in ("http", "https", "kafka") or not has_host:
            raise ValueError("must be an http or https URL, or kafka://host:port")
        return text.rstrip("/")
    if name == "kafka_tenant" and not _TENANT.match(text):
        raise ValueError("must be lower-case letters, digits, - and _, at most 63")
    return text


def _truth(text: str) -> bool:
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise ValueError("must be true or false")


def startup_line(settings: Settings, problems: list[str]) -> str:
    """One line of what is in force, for people."""
    shown: list[str] = [f"telltale {__version__}"]
    for name in _SHOWN:
        value = getattr(settings, name)
        if name == "url" and value:
            parts = urlsplit(value)
            value = f"{parts.scheme}://{parts.hostname}{f':{parts.port}' if parts.port else ''}{parts.path}"
        if value not in ("", None):
            shown.append(f"{name}={value}")
    if settings.url:
        shown.append(f"api_key={'set' if settings.api_key else 'missing'}")
    shown.extend(f"ignored: {problem}" for problem in problems)
    return " ".join(shown)
