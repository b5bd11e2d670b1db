import { type Standalone, startStandalone } from '@telltale/app-standalone';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pythonWithSchemathesis } from '../clients/client-tools';

jest.setTimeout(900_000);
const CI = process.env['CI'] === 'true';
const SEED = 20_261_128;
const CASES_PER_OPERATION = 40;
/** It answers for as long as the connection is open, so no case of it would end. */
const ENDLESS = ['tailEvents', 'tailIncidents', 'tailAlerts'].flatMap((name) => ['--exclude-operation-id', name]);
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
];
const MAX_RUN_MS = 600_000;

const now = new Date().toISOString();
const of = (more: object) => JSON.stringify({ ts: now, service_name: 'shop', session_id: 'ses-1', trace_id: 'T1', ...more });
/** A turn with what it called, and an event for the DLQ: answers have rows. */
const EVENTS = [
  of({ kind: 'turn', span_id: 'a', input: 'cancel my order', output: 'done', duration_ms: 800 }),
  of({ kind: 'llm', span_id: 'b', parent_span_id: 'a', provider: 'openai', request_model: 'gpt-4o', usage: { input_tokens: 10, output_tokens: 3 }, duration_ms: 500 }),
  of({ kind: 'tool', span_id: 'c', parent_span_id: 'b', tool: { name: 'cancel', arguments: { order: 1 } }, status: 'error', error: { type: 'Timeout' } }),
].join('\n'); // prettier-ignore

interface Ran {
  readonly code: number;
  readonly said: string;
}

const { path: python = '', missing = '' } = { path: undefined, missing: undefined, ...pythonWithSchemathesis() };
const title = `answers of insights are those that its OpenAPI document names`;
(missing && !CI ? describe.skip : describe)(missing ? `${title} (left out: ${missing})` : title, () => {
  const home = mkdtempSync(join(tmpdir(), 'telltale-contract-'));
  let running: Standalone;
  beforeAll(async () => {
    running = await startStandalone({ home: join(home, 'data'), port: 0, grpcPort: null, quiet: true, env: {} });
    const sent = await fetch(`${running.url}/v1/events`, { method: 'POST', headers: { authorization: `Bearer ${running.apiKey}`, 'content-type': 'application/x-ndjson' }, body: EVENTS }); // prettier-ignore
    expect(await sent.json()).toMatchObject({ accepted: 3, rejected: 0 });
    await running.caughtUp();
  });
  afterAll(async () => {
    await running.stop();
    rmSync(home, { recursive: true, force: true });
  });

  const schemathesis = (location: string, ...more: string[]): Promise<Ran> => {
    const args = ['run', location, '--header', `authorization: Bearer ${running.apiKey}`, '--checks', CHECKS.join(','), '--phases', 'examples,coverage,fuzzing', '--seed', String(SEED), '--no-shrink', '--continue-on-failure', '--request-timeout', '30', '--warnings', 'off', ...more]; // prettier-ignore
    return new Promise((resolve) =>
      execFile(join(dirname(python), 'schemathesis'), args, { cwd: home, timeout: MAX_RUN_MS, maxBuffer: 64 * 1024 * 1024 }, (error, out, err) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? -1), said: `${out}${err}` }),
      ),
    ); // prettier-ignore
  };

  it(`to ${CASES_PER_OPERATION} generated requests of each operation and to one of each edge, with no server error`, async () => {
    const { code, said } = await schemathesis(
      `${running.url}/api/openapi.json`,
      '--max-examples',
      String(CASES_PER_OPERATION),
      ...ENDLESS,
    );
    process.stdout.write(`${/\d+ generated, \d+ passed.*/.exec(said)?.[0] ?? said}\n`);
    expect([code, code === 0 ? '' : said]).toEqual([0, '']);
    expect(Number(/(\d+) generated/.exec(said)?.[1])).toBeGreaterThan(1_000);
    // What was changed meanwhile has not taken its key away, so the answers above are those of people who are let in.
    const headers = { authorization: `Bearer ${running.apiKey}` };
    expect((await fetch(`${running.url}/api/settings`, { headers })).status).toBe(200);
  });

  it('and fails where the document does not name an answer, so that the test above can fail', async () => {
    const document = (await (await fetch(`${running.url}/api/openapi.json`)).json()) as { paths: Record<string, { get: { responses: Record<string, unknown> } }> }; // prettier-ignore
    delete document.paths['/api/sessions/{id}']?.get.responses['404'];
    const file = join(home, 'wrong.json');
    writeFileSync(file, JSON.stringify(document));
    const { code, said } = await schemathesis(file, '--url', running.url, '--include-operation-id', 'getSession', '--max-examples', '5'); // prettier-ignore
    expect(code).toBe(1);
    expect(said).toContain('Undocumented status code');
  });
});
