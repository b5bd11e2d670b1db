import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Rows that a standalone answers, with the key of its home. */
export async function ask(url: string, home: string, sql: string): Promise<Record<string, unknown>[]> {
  const key = readFileSync(join(home, 'api-key'), 'utf8').trim();
  const response = await fetch(`${url}/api/query`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', accept: 'application/x-ndjson' },
    body: JSON.stringify({ sql }),
  });
  const lines = (await response.text()).split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}
