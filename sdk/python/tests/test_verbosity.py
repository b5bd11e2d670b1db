"""Matching and merging, as docs/VERBOSITY.md says."""

from __future__ import annotations

import hashlib
from datetime import datetime, timezone
from typing import Any, Optional

import pytest

from telltale import _clock, _verbosity
from telltale._directives import Malformed, parse_set
from telltale._scope import Scope, trace_hash_of
from telltale._severity import DEBUG, ERROR, INFO, TRACE, WARN
from telltale._verbosity import Decision, Mark, Verbosity

from .fake_gateway import directive, iso

NOW = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
STATIC = {"service_name": "shop", "deployment_environment": "prod", "service_version": "1"}


class Sut:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.clock = 1000.0
        monkeypatch.setattr(_verbosity, "steady", lambda: self.clock)
        self.verbosity = Verbosity("info", 1.0, "full", STATIC)

    def apply(self, *directives: dict[str, Any]) -> None:
        answer = {"now": iso(NOW), "set_hash": "h", "directives": list(directives)}
        self.verbosity.apply(parse_set(answer, self.clock))

    def decide(self, level: int, *, logger: str = "app", size: int = 100, **scope: Any) -> Decision:
        place = Scope()
        for name, value in scope.items():
            setattr(place, name, value)
        return self.verbosity.decide(level, place, logger, "log", size)


@pytest.fixture
def sut(monkeypatch: pytest.MonkeyPatch) -> Sut:
    return Sut(monkeypatch)


def boost(id: str, **fields: Any) -> dict[str, Any]:
    return directive(id, now=NOW, **fields)


def restrict(id: str, **fields: Any) -> dict[str, Any]:
    return directive(id, now=NOW, **{"class": "restrict", **fields})


def trace_with(low: float, high: float) -> str:
    return next(f"{n:032x}" for n in range(100_000) if low <= trace_hash_of(f"{n:032x}") < high)


def test_the_hash_of_a_trace_is_that_of_the_page() -> None:
    digest = hashlib.sha256(b"4bf92f3577b34da6a3ce929d0e0e4736").digest()
    assert trace_hash_of("4BF92F3577B34DA6A3CE929D0E0E4736") == int.from_bytes(digest[:7], "big") / 2**56


def test_without_directives_the_settings_hold(sut: Sut) -> None:
    assert sut.decide(INFO).sent and not sut.decide(DEBUG).sent and sut.decide(WARN).sent
    assert sut.decide(INFO).mark == _verbosity.Mark()


USER = {"salt": "s", "sha256": hashlib.sha256(b"smia").hexdigest()}


@pytest.mark.parametrize(
    ("target", "place", "matches"),
    [
        ({}, {}, True),
        ({"service_name": "shop"}, {}, True),
        ({"service_name": "other"}, {}, False),
        ({"service_name": "shop", "deployment_environment": "dev"}, {}, False),
        ({"tool_name": "search"}, {"tool_name": "search"}, True),
        ({"tool_name": "search"}, {"tool_name": "pay"}, False),
        ({"tool_name": "search"}, {}, False),
        ({"kind": "tool"}, {"kind": "tool"}, True),
        ({"kind": "log"}, {"kind": "tool"}, True),
        ({"kind": "llm"}, {"kind": "tool"}, False),
        ({"name": "answer"}, {"name": "answer"}, True),
        ({"model": "gpt"}, {"model": "gpt"}, True),
        ({"session_id": "s1"}, {"session_id": "s1"}, True),
        ({"session_id": "s1"}, {}, False),
        ({"logger": "shop.db"}, {"logger": "shop.db.pool"}, True),
        ({"logger": "shop.db"}, {"logger": "shop.db"}, True),
        ({"logger": "shop.db"}, {"logger": "shop.dbx"}, False),
        ({"user": USER}, {"user_id": "mia"}, True),
        ({"user": USER}, {"user_id": "leo"}, False),
        ({"user": USER}, {}, False),
        ({"trace_hash": {"from": 0, "to": 0.5}}, {"trace_id": trace_with(0, 0.5)}, True),
        ({"trace_hash": {"from": 0, "to": 0.5}}, {"trace_id": trace_with(0.5, 1)}, False),
        ({"trace_hash": {"from": 0, "to": 1}}, {}, False),
        ({"a_field_of_the_future": "x"}, {}, False),
    ],
)  # fmt: skip
def test_targets(sut: Sut, target: dict[str, Any], place: dict[str, Any], matches: bool) -> None:
    sut.apply(boost("b", target=target))
    assert sut.decide(DEBUG, **place).sent is matches


def test_a_boost_lowers_and_is_named(sut: Sut) -> None:
    sut.apply(boost("b1"), boost("b2", set={"min_severity": "trace", "content": "full"}))
    sent, mark = sut.decide(DEBUG)
    assert sent and mark.level == "debug" and mark.directive_ids == ("b1", "b2")
    sent, mark = sut.decide(TRACE)
    assert sent and mark.directive_ids == ("b2",)
    assert sut.decide(INFO).mark.directive_ids == ()
    assert [(d.id, d.hits) for d in sut.verbosity.directives] == [("b1", 1), ("b2", 2)]


@pytest.mark.parametrize(
    ("boosted", "restricted", "level", "sent"),
    [
        (None, {"min_severity": "error"}, WARN, True),
        (None, {"min_severity": "error"}, INFO, False),
        ({"priority": 1}, {"min_severity": "warn"}, DEBUG, True),
        ({"priority": 0}, {"min_severity": "warn"}, DEBUG, False),
        ({"priority": 0}, {"min_severity": "warn"}, INFO, False),
        ({"priority": 1, "set": {"content": "full"}}, {"min_severity": "warn"}, INFO, False),
    ],
)  # fmt: skip
def test_restricts_and_boosts(
    sut: Sut, boosted: Optional[dict[str, Any]], restricted: dict[str, Any], level: int, sent: bool
) -> None:
    sut.apply(*([boost("b", **boosted)] if boosted is not None else []), restrict("r", set=restricted))
    assert sut.decide(level).sent is sent


def test_the_most_restrictive_wins(sut: Sut) -> None:
    sut.apply(
        restrict("r1", set={"keep": 0.5, "content": "metadata"}), restrict("r2", set={"keep": 0.2, "content": "none"}),
        boost("b", priority=1, set={"keep": 0.9}),
    )  # fmt: skip
    sent, mark = sut.decide(INFO, trace_id=trace_with(0.7, 0.8))
    assert sent and mark.weight == pytest.approx(1 / 0.9) and mark.content == 0 and mark.level == "metadata"
    assert not sut.decide(INFO, trace_id=trace_with(0.95, 1)).sent


def test_keep_samples_whole_turns_with_weights(sut: Sut) -> None:
    sut.apply(restrict("r", set={"keep": 0.25}))
    kept, lost = trace_with(0, 0.25), trace_with(0.25, 1)
    assert sut.decide(INFO, trace_id=lost).mark.weight == 0 and not sut.decide(INFO, trace_id=lost).sent
    sent, mark = sut.decide(INFO, trace_id=kept)
    assert sent and mark.weight == 4 and mark.directive_ids == ("r",)
    assert sut.decide(ERROR, trace_id=lost).sent and sut.decide(ERROR, trace_id=lost).mark.weight == 1
    assert sut.decide(INFO).sent and sut.decide(INFO).mark.weight == 1
    assert not sut.decide(DEBUG, trace_id=lost).sent and sut.decide(DEBUG, trace_id=lost).mark.weight == 1


def test_a_sample_of_everything_is_sent(sut: Sut) -> None:
    sut.apply(restrict("r", set={"keep": 0.25}))
    kept, lost = trace_with(0, 0.25), trace_with(0.25, 1)
    assert [sut.decide(INFO, trace_id=lost).sent for _ in range(3)] == [True, False, False]
    assert sut.decide(INFO, trace_id=lost, logger="other").sent
    sut.clock += 10
    assert sut.decide(INFO, trace_id=kept).sent and not sut.decide(INFO, trace_id=lost).sent
    sut.clock += 10
    assert sut.decide(INFO, trace_id=lost) == (True, Mark(0.0, "normal", ("r",), 2, False, (), 100))


def test_operations_are_below_no_severity(sut: Sut) -> None:
    sut.apply(restrict("r", set={"min_severity": "warn"}))
    assert sut.verbosity.decide(INFO, Scope(), "", "tool", 100).sent and not sut.decide(INFO).sent


def test_weights_add_up_to_the_truth(sut: Sut) -> None:
    sut.apply(restrict("r", ttl=20 * 86_400.0, set={"keep": 0.1}))
    total = 0.0
    for n in range(50_000):
        sut.clock += 20
        sent, mark = sut.decide(INFO, trace_id=f"{n:032x}")
        total += mark.weight if sent else 0
    assert total == pytest.approx(50_000, rel=0.02)


def test_limits_of_a_boost(sut: Sut) -> None:
    sut.apply(boost("b", limits={"records_per_s": 5}))
    assert sum(sut.decide(DEBUG).sent for _ in range(20)) == 5
    assert sut.decide(INFO).sent
    [only] = sut.verbosity.directives
    assert only.hits == 5 and only.drops == 15
    sut.clock += 0.41
    assert sum(sut.decide(DEBUG).sent for _ in range(20)) == 2
    sut.apply(boost("c", limits={"bytes_per_min": 1000}))
    assert sum(sut.decide(DEBUG, size=300).sent for _ in range(20)) == 3
    sut.clock += 18.1
    assert sut.decide(DEBUG, size=300).sent and not sut.decide(DEBUG, size=300).sent


def test_limits_of_a_restrict(sut: Sut) -> None:
    sut.apply(restrict("r", set={"keep": 1}, limits={"records_per_s": 3}))
    assert sum(sut.decide(INFO).sent for _ in range(10)) == 3
    assert all(sut.decide(WARN).sent for _ in range(10))
    assert sut.verbosity.directives[0].drops == 7


def test_content_raised_by_a_boost(monkeypatch: pytest.MonkeyPatch) -> None:
    sut = Sut(monkeypatch)
    sut.verbosity = Verbosity("info", 1.0, "metadata", STATIC)
    assert sut.decide(INFO).mark.level == "metadata"
    sut.apply(boost("b", set={"content": "full"}))
    assert sut.decide(INFO).mark[1:4] == ("full", ("b",), 2)


def test_expiry_on_the_steady_clock(sut: Sut) -> None:
    sut.apply(boost("short", ttl=5), boost("long", ttl=50, target={"tool_name": "x"}))
    assert sut.decide(DEBUG).sent
    sut.clock += 4.9
    assert sut.decide(DEBUG).sent
    sut.clock += 0.2
    assert not sut.decide(DEBUG).sent and sut.verbosity.floor == DEBUG
    sut.clock += 50
    sut.verbosity.expire()
    assert sut.verbosity.simple and sut.verbosity.floor == INFO


def test_a_set_replaces_the_former_and_keeps_counts_and_buckets(sut: Sut) -> None:
    sut.apply(boost("a", limits={"records_per_s": 2}), boost("b", target={"tool_name": "x"}))
    assert [sut.decide(DEBUG).sent for _ in range(3)] == [True, True, False]
    sut.apply(boost("a", limits={"records_per_s": 2}))
    assert not sut.decide(DEBUG).sent
    assert sut.verbosity.directives[0].hits == 2
    sut.apply()
    assert sut.verbosity.simple and [(one.id, one.hits) for one in sut.verbosity.ended] == [("b", 0), ("a", 2)]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": ""}, "directives.0.id"),
        ({"class": "raise"}, "directives.0.class"),
        ({"priority": 101}, "directives.0.priority"),
        ({"target": None}, "directives.0.target"),
        ({"target": {"tool_name": 3}}, "directives.0.target.tool_name"),
        ({"target": {"user": {"sha256": "a" * 64}}}, "directives.0.target.user.salt"),
        ({"target": {"user": {"salt": "", "sha256": "A" * 64}}}, "directives.0.target.user.sha256"),
        ({"target": {"trace_hash": {"from": 0}}}, "directives.0.target.trace_hash.to"),
        ({"set": {"min_severity": "loud"}}, "directives.0.set.min_severity"),
        ({"set": {"keep": 0}}, "directives.0.set.keep"),
        ({"set": {"keep": 1.5}}, "directives.0.set.keep"),
        ({"set": {"content": "some"}}, "directives.0.set.content"),
        ({"set": {"flush": "yes"}}, "directives.0.set.flush"),
        ({"limits": {"records_per_s": -1}}, "directives.0.limits.records_per_s"),
        ({"expires_at": "tomorrow"}, "directives.0.expires_at"),
        ({"expires_at": None}, "directives.0.expires_at"),
    ],
)  # fmt: skip
def test_malformed_directives_are_named_by_field(change: dict[str, Any], field: str) -> None:
    with pytest.raises(Malformed, match=f"^{field} "):
        parse_set({"now": iso(NOW), "set_hash": "h", "directives": [{**boost("b"), **change}]}, 0.0)


@pytest.mark.parametrize("answer", [None, [], {}, {"set_hash": "h"}, {"set_hash": "h", "now": iso(NOW), "directives": {}}])
def test_malformed_answers(answer: Any) -> None:
    with pytest.raises(Malformed):
        parse_set(answer, 0.0)


def test_unknown_fields_are_ignored() -> None:
    found = parse_set(
        {
            "now": iso(NOW),
            "set_hash": "h",
            "directives": [boost("b", colour="red", set={"min_severity": "debug", "new": 1})],
            "x": 1,
        },
        0.0,
    )
    assert found.directives[0].min_severity == DEBUG


def test_the_steady_clock_goes_on() -> None:
    assert _clock.steady() <= _clock.steady()
