// What `helm test` runs: an event goes in through the gateway, and has to be visible through insights.
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

const { TELLTALE_GATEWAY_URL: gateway, TELLTALE_URL: insights, TELLTALE_KEY: key, TIMEOUT_SECONDS: seconds } = process.env;
const trace = randomBytes(16).toString('hex');
const event = {
  kind: 'tool',
  ts: new Date().toISOString(),
  service_name: 'helm-test',
  session_id: `helm-test-${trace}`,
  trace_id: trace,
  name: 'helm_test',
  duration_ms: 1,
  tool: { name: 'helm_test', arguments: {} },
};

async function ask(url, body) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text.slice(0, 300)}`);
  return text;
}

/** Repeats until `done` answers true; the last error says why it never did. */
async function until(what, done) {
  const end = Date.now() + Number(seconds) * 1_000;
  let why = 'it never did';
  while (Date.now() < end) {
    try {
      if (await done()) return console.log(what);
    } catch (error) {
      why = `${error.message}${error.cause ? ` (${error.cause.message})` : ''}`;
    }
    await sleep(1_000);
  }
  console.error(`not within ${seconds} s: ${what}; ${why}`);
  process.exit(1);
}

await until('the gateway takes an event', async () => {
  await ask(`${gateway}/v1/events`, event);
  return true;
});
await until('insights shows it', async () => {
  const answer = await ask(`${insights}/api/query`, { sql: `SELECT count() AS n FROM events WHERE trace_id = '${trace}'` });
  return /"n":\s*"?[1-9]/.test(answer);
});
