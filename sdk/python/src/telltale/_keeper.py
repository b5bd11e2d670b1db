"""What has to be done from time to time: acknowledgements, slow turns, ages of rings, expiry, reports of losses."""

from __future__ import annotations

import json
import threading
from typing import Any, Optional

from . import _ids
from ._clock import steady
from ._config import Settings
from ._guard import guard
from ._ring import rings
from ._transport import Transport
from ._version import SDK_NAME, __version__

_TICK_S = 0.25
_ACK_EVERY_S = 10.0
_LOSSES_EVERY_S = 10.0
_TIDY_EVERY_S = 5.0
_MAX_REPORTED = 20


class Keeper:
    """A thread beside the sender, so that a gateway that takes no events still gets acknowledgements."""

    def __init__(self, settings: Settings, runtime: Any) -> None:
        self.settings = settings
        self.runtime = runtime
        self.acks_sent = 0
        self.renew()

    def renew(self) -> None:
        self._thread: Optional[threading.Thread] = None
        self._stopped = False
        self._wake = threading.Event()
        self._reported_lock = threading.RLock()
        self._reported: list[tuple[str, str, str]] = []
        self._last: Optional[tuple[str, str, str]] = None
        self._next_ack = self._next_losses = self._next_tidy = 0.0

    def start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="telltale-keeper", daemon=True)
            self._thread.start()
            if self.runtime.verbosity.set_hash and self._last is None:
                # A child of a fork has the parent's directives and says so.
                self.reported(self.runtime.verbosity.set_hash, "applied", "")

    def stop(self) -> None:
        """Ends the thread; what it would still have said of losses is queued."""
        self._stopped = True
        self._wake.set()
        self.report_losses()

    def reported(self, set_hash: str, status: str, error: str) -> None:
        """A set was applied or refused: acknowledged at once."""
        with self._reported_lock:
            self._reported.append((set_hash, status, error))
            del self._reported[:-_MAX_REPORTED]
        self._wake.set()

    def _run(self) -> None:
        guard.busy = True
        transport = Transport(self.settings.url, self.settings.api_key, 5.0)
        while not self._stopped:
            self._wake.wait(_TICK_S)
            self._wake.clear()
            try:
                self._tick(transport)
            except Exception as error:
                self.runtime.complain(f"housekeeping: {type(error).__name__}: {error}", "keeper")
        transport.close()

    def _tick(self, transport: Transport) -> None:
        now = steady()
        verbosity = self.runtime.verbosity
        verbosity.expire()
        if verbosity.has_expired:
            verbosity.has_expired = False
            self.reported(verbosity.set_hash, "applied", "")
        self.flush_slow_turns()
        if now >= self._next_tidy:
            self._next_tidy = now + _TIDY_EVERY_S
            rings.tidy(self.settings.ring_age_s)
        if now >= self._next_losses:
            self._next_losses = now + _LOSSES_EVERY_S
            self.report_losses()
        with self._reported_lock:
            reported, self._reported = self._reported, []
        if reported:
            self._last = reported[-1]
        if reported or (self._last is not None and now >= self._next_ack):
            self._next_ack = now + _ACK_EVERY_S
            self.acknowledge(transport, reported or ([self._last] if self._last else []))

    def flush_slow_turns(self) -> None:
        """Turns that last longer than the limit by now, whether or not they ever end."""
        limit = self.settings.slow_turn_s
        if limit <= 0:
            return
        for turn in list(self.runtime.turns):
            if turn.lasts_s() > limit and turn.scope.ring is not None:
                self.runtime.flush_ring(turn.scope.ring, "slow turn", turn.scope)

    def report_losses(self) -> None:
        """What was lost goes to the gateway as a record, by reason."""
        lost = self.runtime.losses.take()
        if not lost:
            return
        reasons = " ".join(f"{reason}={count}" for reason, count in sorted(lost.items()))
        self.runtime.complain(f"lost records: {reasons}; {self.runtime.sender.last_problem}", f"lost {sorted(lost)}")
        hooked = set(lost) <= {"before_send_dropped", "filtered"}
        self.runtime.note(
            f"telltale sdk lost {sum(lost.values())} records: {reasons}",
            {f"lost.{reason}": count for reason, count in lost.items()},
            "info" if hooked else "warn",
        )

    def acknowledge(self, transport: Transport, reported: list[tuple[str, str, str]]) -> bool:
        """Sends acknowledgements, with the counts since the last in the last of them. On failure the counts are kept."""
        verbosity = self.runtime.verbosity
        with verbosity.lock:
            ended = list(verbosity.ended)
            counts = [(one, one.hits, one.drops, one.bytes) for one in [*verbosity.directives, *ended]]
            for one, hits, drops, sent in counts:
                one.hits -= hits
                one.drops -= drops
                one.bytes -= sent
        records, size = rings.suppressed()
        lines = []
        for index, (set_hash, status, error) in enumerate(reported):
            last = index == len(reported) - 1
            lines.append({
                "instance": _ids.instance,
                "sdk": {"name": SDK_NAME, "version": __version__},
                "service_name": self.settings.service,
                "set_hash": set_hash,
                "status": status,
                "error": error,
                "directives": [{"id": one.id, "hits": hits, "drops": drops, "bytes": sent}
                               for one, hits, drops, sent in counts] if last else [],
                "suppressed": {"records": records if last else 0, "bytes": size if last else 0},
            })  # fmt: skip
        body = "\n".join(json.dumps(line, separators=(",", ":")) for line in lines).encode()
        kind = "application/json" if len(lines) == 1 else "application/x-ndjson"
        try:
            answer = transport.request("POST", "/v1/acks", body, {"content-type": kind})
            if answer.status < 300:
                self.acks_sent += len(lines)
                with verbosity.lock:
                    # What was still queued when it ended counts later.
                    verbosity.ended = [one for one in verbosity.ended if one not in ended or one.hits or one.drops or one.bytes]
                return True
        except Exception:
            transport.close()
        with verbosity.lock:
            for one, hits, drops, sent in counts:
                one.hits += hits
                one.drops += drops
                one.bytes += sent
        rings.give_back(records, size)
        return False
