import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from 'simple-statistics';
import { bareDecodeTraces, encodeTraces } from '@telltale/adapter-otlp';
import { type OtlpAttributes } from '@telltale/contracts';
import { startBenchGateway } from './bench-app.bench';

export { benchDirectives } from './directives.bench';

const SPANS = 500;
const WARM_UP_BODIES = 60;
const BODIES = 200;
const ROUNDS = 11;
const KEY = 'tt_bench';

/** A body of `SPANS` LLM calls with 15 GenAI attributes, about 3 KB each, whose text does not repeat from span to span. */
export function benchBody(): Buffer {
  const words = Array.from({ length: 400 }, (_, i) =>
    createHash('sha256')
      .update(`${i}`)
      .digest('base64url')
      .slice(0, 3 + (i % 8)),
  );
  const text = (seed: number, count: number): string =>
    Array.from({ length: count }, (_, i) => words[(seed * 31 + i * 7) % words.length]).join(' ');
  const attributes = (i: number): OtlpAttributes => ({
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'gpt-4o',
    'gen_ai.response.model': 'gpt-4o-2024-08-06',
    'gen_ai.response.id': `chatcmpl-${i}`,
    'gen_ai.conversation.id': `session-${i % 40}`,
    'gen_ai.usage.input_tokens': 900 + i,
    'gen_ai.usage.output_tokens': 120 + i,
    'gen_ai.usage.cache_read.input_tokens': 300,
    'gen_ai.request.temperature': 0.7,
    'gen_ai.request.max_tokens': 1024,
    'gen_ai.response.finish_reasons': ['stop'],
    'gen_ai.system_instructions': text(i, 60),
    'gen_ai.input.messages': JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: text(i + 1, 170) }] }]),
    'gen_ai.output.messages': JSON.stringify([{ role: 'assistant', parts: [{ type: 'text', content: text(i + 2, 110) }] }]),
  });
  return encodeTraces({
    groups: [
      {
        resource: { 'service.name': 'support-bot', 'service.version': '1.4.2', 'deployment.environment.name': 'prod' },
        scope: { name: 'bench', version: '1', attributes: {} },
        items: Array.from({ length: SPANS }, (_, index) => ({
          index,
          item: {
            traceId: createHash('md5')
              .update(`t${index >> 3}`)
              .digest('hex'),
            spanId: createHash('md5').update(`s${index}`).digest('hex').slice(0, 16),
            parentSpanId: '',
            traceState: '',
            name: 'chat gpt-4o',
            kind: 3,
            startMs: 1_764_000_000_000 + index,
            endMs: 1_764_000_000_800 + index,
            attributes: attributes(index),
            events: [],
            links: [],
            status: { code: 0, message: '' },
          },
        })),
      },
    ],
  });
}

/** The client is a process of its own, so that its work is not counted as the gateway's. Four requests are always on their way. */
const CLIENT = `
const http = require('node:http');
const [url, file, key, count] = process.argv.slice(1);
const body = require('node:fs').readFileSync(file);
const agent = new http.Agent({ keepAlive: true, maxSockets: 4 });
let left = Number(count);
const next = () => new Promise((resolve, reject) => {
  const request = http.request(url, { method: 'POST', agent, headers: { 'content-type': 'application/x-protobuf', authorization: 'Bearer ' + key, 'content-length': body.length } }, (response) => {
    response.resume();
    response.on('end', () => (response.statusCode === 200 ? resolve() : reject(new Error('status ' + response.statusCode))));
  });
  request.on('error', reject);
  request.end(body);
});
const run = async () => { while (left-- > 0) await next(); };
Promise.all([run(), run(), run(), run()]).then(() => agent.destroy(), (error) => { console.error(error.message); process.exit(1); });
`;

const send = (url: string, file: string, count: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const client = spawn(process.execPath, ['-e', CLIENT, url, file, KEY, String(count)], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    client.once('error', reject);
    client.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`the client ended with ${code}`))));
  });

/** Work per second of this process's CPU time, which other processes on the machine do not affect. */
async function perCpuSecond(units: number, work: () => Promise<void> | void): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return units / ((user + system) / 1e6);
}

export interface GatewayFigures {
  /** Accepted spans per second and core, through the whole receiver. */
  readonly gateway_spans_per_second: number;
  /** The same relative to decoding them with protobufjs only. */
  readonly gateway_decode_ratio: number;
}

/** HTTP over loopback → authenticate → check → split → encryptor → log in memory, against bare protobuf decode of the same bodies. */
export async function benchGateway(): Promise<GatewayFigures> {
  const body = benchBody();
  const folder = mkdtempSync(join(tmpdir(), 'telltale-bench-'));
  const file = join(folder, 'body.bin');
  writeFileSync(file, body);
  const { url: address, stop } = await startBenchGateway([['bench', KEY]], (memory) => memory.forget());
  try {
    const url = `${address}/v1/traces`;
    const decode = (count: number): void => {
      for (let i = 0; i < count; i++) bareDecodeTraces(body);
    };
    await send(url, file, WARM_UP_BODIES);
    decode(WARM_UP_BODIES);
    const receiver: number[] = [];
    const ratios: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const accepted = await perCpuSecond(SPANS * BODIES, () => send(url, file, BODIES));
      receiver.push(accepted);
      ratios.push(accepted / (await perCpuSecond(SPANS * BODIES, () => decode(BODIES))));
    }
    return {
      gateway_spans_per_second: Math.round(median(receiver)),
      gateway_decode_ratio: Math.round(median(ratios) * 1000) / 1000,
    };
  } finally {
    await stop();
    rmSync(folder, { recursive: true });
  }
}
