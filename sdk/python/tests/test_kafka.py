"""Records as the topic has them, and the settings; the end-to-end tests send to a broker."""

from __future__ import annotations

import gzip
import json
import sys
import types
from typing import Any, Optional

import pytest

from telltale._config import Settings, read_settings, startup_line
from telltale._kafka import KafkaTransport, partition_of, records_of

LINES = [
    json.dumps({"kind": "log", "id": f"e{number}", **({"trace_id": f"t{number % 3}"} if number % 2 else {})}).encode()
    for number in range(12)
]


def test_partitions_are_those_of_the_gateway() -> None:
    # Published with FNV-1a.
    assert [partition_of(text, 1 << 32) for text in ("", "a", "foobar")] == [0x811C9DC5, 0xE40C292C, 0xBF9CF968]
    assert partition_of("a", 1) == 0 and partition_of("𝄞", 1 << 32) != partition_of("a", 1 << 32)


def test_all_of_a_trace_is_in_one_partition_and_nothing_is_lost() -> None:
    records = records_of(LINES, 4)
    found: dict[str, set[int]] = {}
    for partition, key, value in records:
        assert key is not None and partition_of(key, 4) == partition
        for event in json.loads(value):
            found.setdefault(event.get("trace_id") or event["id"], set()).add(partition)
    assert all(len(partitions) == 1 for partitions in found.values()) and len(found) == 9
    assert sum(len(json.loads(value)) for _, _, value in records) == len(LINES)


def test_records_are_smaller_than_a_broker_allows_and_have_a_key_where_they_share_one() -> None:
    large = [json.dumps({"trace_id": "t", "body": "x" * 400_000}).encode() for _ in range(5)]
    records = records_of(large, 1)
    assert [len(json.loads(value)) for _, _, value in records] == [2, 2, 1]
    assert all(len(value) <= 900_000 and key == "t" for _, key, value in records)
    assert [key for _, key, _ in records_of(LINES, 1)] == [None]


class Broker(types.ModuleType):
    """``confluent_kafka`` with a broker that takes what a test says."""

    def __init__(self) -> None:
        super().__init__("confluent_kafka")
        self.__spec__: Any = types.SimpleNamespace()
        self.produced: list[tuple[str, bytes, Optional[str], int, Any]] = []
        self.failure: Any = None
        self.waiting = 0
        self.config: dict[str, Any] = {}

    def Producer(self, config: dict[str, Any]) -> Any:
        self.config = config
        return self

    def list_topics(self, topic: str, timeout: float) -> Any:
        return types.SimpleNamespace(topics={topic: types.SimpleNamespace(error=None, partitions={0: 0, 1: 1})})

    def produce(self, topic: str, value: bytes, key: Any, *, partition: int, headers: Any, on_delivery: Any) -> None:
        self.produced.append((topic, value, key, partition, headers))
        on_delivery(self.failure, None)

    def flush(self, timeout: float) -> int:
        return self.waiting

    def purge(self) -> None:
        pass


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Broker:
    one = Broker()
    monkeypatch.setitem(sys.modules, "confluent_kafka", one)
    return one


class Failure:
    def __init__(self, name: str) -> None:
        self._name = name

    def name(self) -> str:
        return self._name

    def __str__(self) -> str:
        return f"refused: {self._name}"


def test_answers_when_the_broker_has_them(broker: Broker) -> None:
    transport = KafkaTransport(Settings(kafka_brokers="b:1", kafka_tenant="acme", kafka_config={"compression.type": "zstd"}))
    body = gzip.compress(b"\n".join(LINES) + b"\n")
    assert transport.request("POST", "/v1/events", body).status == 200
    assert {(topic, str(headers)) for topic, _, _, _, headers in broker.produced} == {("telltale.raw.v1", "{'tt-tenant': 'acme'}")}
    assert broker.config["bootstrap.servers"] == "b:1" and broker.config["compression.type"] == "gzip"
    broker.failure = Failure("TOPIC_AUTHORIZATION_FAILED")
    assert transport.request("POST", "/v1/events", body).status == 403
    broker.failure = Failure("_MSG_TIMED_OUT")
    with pytest.raises(OSError, match="refused"):
        transport.request("POST", "/v1/events", body)
    broker.failure, broker.waiting = None, 3
    with pytest.raises(TimeoutError):
        transport.request("POST", "/v1/events", body, timeout_s=0.1)
    assert transport.request("POST", "/v1/events", gzip.compress(b"x" * 900_000)).status == 413


def test_settings(broker: Broker) -> None:
    alone, problems = read_settings({}, {"TELLTALE_URL": "kafka://a:9092,b:9092", "TELLTALE_KAFKA_CONFIG": '{"sasl.username":"u"}'})
    assert problems == [] and alone.kafka_brokers == "a:9092,b:9092" and not alone.control and alone.url == ""
    assert alone.kafka_config == {"sasl.username": "u"} and "sasl" not in startup_line(alone, [])
    both, problems = read_settings({"kafka_brokers": "a:9092", "url": "http://gateway:4318"}, {})
    assert problems == [] and both.control and both.url == "http://gateway:4318"
    _, problems = read_settings({"kafka_tenant": "Acme", "kafka_config": "[1]", "url": "kafka://"}, {})
    assert problems == [
        "url must be an http or https URL, or kafka://host:port",
        "kafka_tenant must be lower-case letters, digits, - and _, at most 63",
        "kafka_config must be an object of properties of librdkafka",
    ]


def test_without_the_client_records_go_to_the_gateway() -> None:
    settings, problems = read_settings({"kafka_brokers": "a:9092"}, {})
    assert settings.kafka_brokers == "" and settings.control and problems == [
        "kafka_brokers needs confluent-kafka: pip install 'telltale[kafka]'"
    ]
