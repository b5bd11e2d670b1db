import { type Clock } from './clock';
import { type Settings } from './config';
import { type Delivery } from './delivery';
import { createFloor } from './directives/floor';
import { type Active, type InForce } from './directives/in-force';
import { isMatch, NO_OPERATION, type Subject } from './directives/match';
import { judge } from './directives/verdict';
import { type NativeEvent } from './event';
import { type Losses } from './losses';
import { eventOf, type Marks, type SdkRecord, serviceFields } from './record';
import { newTraceId, type OpenTurn } from './scope';
import { INFO } from './severity';
import { createTurns, type Turns } from './turns';

/** Below what a gateway takes of one event. */
const MAX_LINE_CHARS = 800_000;

export interface Suppressed {
  records: number;
  bytes: number;
}

interface Deps {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly inForce: InForce;
  readonly delivery: Delivery;
  readonly losses: Losses;
  redact(event: NativeEvent): NativeEvent;
  readonly beforeSend: ((event: NativeEvent) => NativeEvent | null) | undefined;
}

/** From what happened to what is sent: judged, held in a ring or queued, then redacted and serialized. */
export interface Pipeline {
  take(record: SdkRecord, turn: OpenTurn | null): void;
  readonly turns: Turns;
  /** What was let go without being sent, since it was last reported. */
  readonly suppressed: Suppressed;
  suppress(bytes: number): void;
  /** Sends the rings that boosts in force ask for. */
  flushMatching(): void;
}

export function createPipeline({ settings, clock, inForce, delivery, losses, redact, beforeSend }: Deps): Pipeline {
  const service = serviceFields(settings);
  const floor = createFloor();
  const suppressed: Suppressed = { records: 0, bytes: 0 };
  const suppress = (bytes: number): void => {
    suppressed.records++;
    suppressed.bytes += bytes;
  };
  const turns = createTurns({
    clock,
    limits: { maxBytes: settings.ringBytes, maxAgeMs: settings.ringAgeMs },
    slowTurnMs: settings.slowTurnMs,
    lingerMs: settings.ringLingerMs,
    letGo: suppress,
    sendHeld(held, dropped, subject) {
      if (dropped > 0) sendHeldRecord(droppedRecord(dropped, subject, held[0]?.at ?? clock.now()));
      for (const record of held) sendHeldRecord(record);
    },
  });

  function sendHeldRecord(record: SdkRecord): void {
    const { merged } = inForce.rulesFor(record);
    enqueue(record, {
      verdict: { isSent: true, weight: record.isStoodFor ? 0 : 1, changedBy: [], boostedBy: [], merged },
      isFromRing: true,
    });
  }

  function enqueue(record: SdkRecord, marks: Marks): void {
    delivery.push({ serialize: () => serialize(record, marks) }, record.rank, record.bytes);
  }

  function serialize(record: SdkRecord, marks: Marks): string | null {
    let event: NativeEvent | null;
    try {
      event = eventOf(record, service, newTraceId(), marks);
    } catch {
      losses.add('unserializable');
      return null;
    }
    try {
      event = redact(event);
    } catch {
      // Never the raw text.
      losses.add('redaction_failed');
      return null;
    }
    if (beforeSend)
      try {
        event = beforeSend(event);
      } catch {
        losses.add('before_send_failed');
        return null;
      }
    return event ? lineOf(event, marks.verdict.boostedBy) : null;
  }

  function lineOf(event: NativeEvent, boostedBy: readonly Active[]): string | null {
    let line: string;
    try {
      line = JSON.stringify(event);
      if (line.length > MAX_LINE_CHARS) line = JSON.stringify(withoutContent(event));
    } catch {
      losses.add('unserializable');
      return null;
    }
    for (const one of boostedBy) one.bytes += line.length;
    return line;
  }

  function flushFor(boost: Active, turn: OpenTurn): void {
    boost.hits += turn.flush(`${boost.directive.id} ${boost.directive.version}`);
  }

  return {
    turns,
    suppressed,
    suppress,
    take(record, turn) {
      const rules = inForce.rulesFor(record);
      if (turn !== null)
        for (const one of rules.matching) if (one.directive.set.flush && one.directive.class === 'boost') flushFor(one, turn);
      const verdict = judge(record, rules, floor, clock.mono());
      if (verdict.isSent) {
        if (record.isFailure) turn?.sendWhole(`error ${newTraceId()}`);
        enqueue(record, { verdict, isFromRing: false });
      } else if (turn === null) suppress(record.bytes);
      else {
        if (verdict.reason === 'not_kept') record.isStoodFor = true;
        if (turn.isSentWhole) sendHeldRecord(record);
        else turn.ring.push(record, record.bytes, clock.mono());
      }
    },
    flushMatching() {
      for (const one of inForce.flushes())
        for (const turn of turns.all.values())
          if (turn.ring.some((record) => isMatch(one.directive.target, record))) flushFor(one, turn);
    },
  };
}

function withoutContent(event: NativeEvent): NativeEvent {
  const { input, output, tool, attributes, ...rest } = event;
  const lost = [input, output, tool?.arguments, tool?.result, attributes].filter((value) => value !== undefined).length;
  return { ...rest, ...(tool ? { tool: { name: tool.name } } : {}), attributes: { 'telltale.too_large': lost } };
}

/** Tells that a ring could not hold all of its turn. */
function droppedRecord(dropped: number, subject: Subject, at: number): SdkRecord {
  return {
    kind: 'log',
    rank: INFO,
    isLog: true,
    severity: INFO,
    isExempt: false,
    isFailure: false,
    hasContent: false,
    bytes: 300,
    at,
    spanId: '',
    parentSpanId: '',
    logger: 'telltale.ring',
    operation: NO_OPERATION,
    subject,
    fields: { severity: 'info', body: `dropped=${dropped}` },
    attributes: { dropped },
    content: null,
  };
}
