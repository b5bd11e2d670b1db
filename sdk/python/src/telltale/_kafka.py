"""Delivery to Telltale's topic of raw records instead of to its gateway, for programs that have Kafka at hand."""

from __future__ import annotations

import functools
import gzip
import hashlib
import importlib
import json
import os
import time
from typing import Any, Optional

from ._config import Settings
from ._transport import Answer
from ._version import SDK_NAME

TOPIC = "telltale.raw.v1"
#: As the gateway: below the million bytes that brokers take by default.
_MAX_RECORD_BYTES = 900_000
_MAX_KEY_CHARS = 256
_PARTITIONS_AGE_S = 300.0
_METADATA_S = 3.0
#: ``(process, producer)``. One of a parent process must not be destroyed in a child: its threads do not exist there.
_producers: list[tuple[int, Any]] = []


class KafkaTransport:
    """Takes requests as ``Transport`` does, so that queue, retries and the folder for batches are the same."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._producer: Any = None
        self._partitions, self._partitions_until = 0, 0.0

    def request(self, method: str, path: str, body: Optional[bytes] = None, headers: Optional[dict[str, str]] = None,
                timeout_s: Optional[float] = None) -> Answer:  # fmt: skip
        """Produces the lines of a body; answers when the brokers have them all. What is produced again has the same ids."""
        until = time.monotonic() + (timeout_s or self.settings.timeout_s)
        lines = [line for line in gzip.decompress(body or b"").split(b"\n") if line]
        if any(len(line) + 2 > _MAX_RECORD_BYTES for line in lines):
            return Answer(413, {}, b"a record is larger than a record of Kafka may be")
        producer = self._producer = self._producer or self._make_producer()
        partitions = self._count_partitions(producer, until)
        failures: list[Any] = []

        def delivered(error: Any, message: Any) -> None:
            if error is not None:
                failures.append(error)

        headers_of_record = {"tt-tenant": self.settings.kafka_tenant} if self.settings.kafka_tenant else None
        for partition, key, value in records_of(lines, partitions):
            producer.produce(TOPIC, value, key, partition=partition, headers=headers_of_record, on_delivery=delivered)
        if producer.flush(max(0.1, until - time.monotonic())):
            producer.purge()
            producer.flush(0.1)
            raise TimeoutError("the brokers did not take all records in time")
        if not failures:
            return Answer(200, {}, b"{}")
        if failures[0].name() in ("TOPIC_AUTHORIZATION_FAILED", "CLUSTER_AUTHORIZATION_FAILED"):
            return Answer(403, {}, str(failures[0]).encode())
        raise OSError(str(failures[0]))

    def _make_producer(self) -> Any:
        made = importlib.import_module("confluent_kafka").Producer({
            "bootstrap.servers": self.settings.kafka_brokers,
            "client.id": SDK_NAME,
            "enable.idempotence": True,
            "linger.ms": 5,
            "log_level": 2,
            "message.timeout.ms": int(self.settings.timeout_s * 1000),
            **(self.settings.kafka_config or {}),
            # What Telltale's services can read.
            "compression.type": "gzip",
        })  # fmt: skip
        _producers[:] = [one for one in _producers if one[0] != os.getpid()] + [(os.getpid(), made)]
        return made

    def _count_partitions(self, producer: Any, until: float) -> int:
        if not self._partitions or time.monotonic() >= self._partitions_until:
            timeout = min(_METADATA_S, max(0.1, until - time.monotonic()))
            found = producer.list_topics(TOPIC, timeout=timeout).topics[TOPIC]
            if found.error is not None:
                raise OSError(f"topic {TOPIC}: {found.error}")
            self._partitions, self._partitions_until = len(found.partitions), time.monotonic() + _PARTITIONS_AGE_S
        return self._partitions

    def close(self) -> None:
        """Kept after a failure: a producer connects again by itself."""


def records_of(lines: list[bytes], partitions: int) -> list[tuple[int, Optional[str], bytes]]:
    """``(partition, key, JSON array)``, as the gateway makes them: all of a trace, else of a session, in one partition."""
    groups: dict[int, list[tuple[str, bytes]]] = {}
    for line in lines:
        key = _key_of(line)
        groups.setdefault(partition_of(key, partitions), []).append((key, line))
    found = []
    for partition, items in groups.items():
        while items:
            size, count = 2, 0
            while count < len(items) and size + len(items[count][1]) + 1 <= _MAX_RECORD_BYTES + 1:
                size += len(items[count][1]) + 1
                count += 1
            part, items = items[:count], items[count:]
            key = part[0][0]
            is_shared = partitions > 1 or all(one == key for one, _ in part)
            found.append((partition, key if is_shared else None, b"[" + b",".join(line for _, line in part) + b"]"))
    return found


def _key_of(line: bytes) -> str:
    event = json.loads(line)
    found = (event.get(name) for name in ("trace_id", "session_id", "id"))
    key = next((one for one in found if isinstance(one, str) and one), "")
    if key and len(key) <= _MAX_KEY_CHARS:
        return key
    return hashlib.sha256(key.encode("utf-8", "surrogatepass") or line).hexdigest()[:32]


@functools.lru_cache(maxsize=4096)
def partition_of(key: str, partitions: int) -> int:
    """By 32-bit FNV-1a over UTF-16 code units, as all of Telltale does it; not as clients of Kafka do."""
    if partitions <= 1:
        return 0
    sum_ = 0x811C9DC5
    units = key.encode("utf-16-le", "surrogatepass")
    for low, high in zip(units[::2], units[1::2]):
        sum_ = ((sum_ ^ (low | high << 8)) * 0x01000193) & 0xFFFFFFFF
    return sum_ % partitions
