"""Batches of plain events in each compression that a producer may choose."""

import json
import os
from datetime import datetime, timezone

from confluent_kafka import Producer

for compression in ("none", "gzip", "snappy", "lz4", "zstd"):
    producer = Producer({"bootstrap.servers": os.environ["BROKERS"], "compression.type": compression, "linger.ms": 50})
    for n in range(100):
        event = {
            "kind": "log", "ts": datetime.now(timezone.utc).isoformat(), "service_name": f"by-{compression}",
            "session_id": f"{compression}-{n % 7}", "severity": "info", "body": f"line {n} " + "of what compresses well " * 20,
        }  # fmt: skip
        producer.produce("telltale.raw.v1", json.dumps(event).encode())
    producer.flush(30)
