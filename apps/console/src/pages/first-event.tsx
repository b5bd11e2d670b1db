import { useState } from 'react';
import { Empty } from '../design/parts';

const SNIPPETS = {
  curl: (url: string) => `curl ${url}/v1/events -H "Authorization: Bearer $TELLTALE_KEY" -H "Content-Type: application/json" \\
  -d '[{"kind":"llm","ts":"'$(date -u +%FT%TZ)'","service_name":"hello","request_model":"gpt-4o","duration_ms":900}]'`,
  Python: (url: string) => `pip install telltale

import telltale
telltale.init(url="${url}", key=os.environ["TELLTALE_KEY"], service_name="hello")

with telltale.turn(session_id="s-1", input="Hello?"):
    with telltale.tool("search"):
        ...`,
  OpenTelemetry: (url: string) => `export OTEL_EXPORTER_OTLP_ENDPOINT=${url}
export OTEL_EXPORTER_OTLP_HEADERS="authorization=Bearer $TELLTALE_KEY"`,
} as const;
type Way = keyof typeof SNIPPETS;
const WAYS = Object.keys(SNIPPETS) as Way[];

/** What somebody sees who has sent nothing yet: how to, for the ways there are. The page asks again by itself. */
export function FirstEvent() {
  const [way, setWay] = useState<Way>('curl');
  return (
    <Empty title="Waiting for the first turn">
      <div role="group" aria-label="Ways to send">
        {WAYS.map((one) => (
          <button key={one} type="button" className="button" aria-pressed={one === way} onClick={() => setWay(one)}>
            {one}
          </button>
        ))}
      </div>
      <pre tabIndex={0}>{SNIPPETS[way](location.origin)}</pre>
      <p className="quiet">This page looks every 15 seconds. A turn shows a minute after the last of its events.</p>
    </Empty>
  );
}
