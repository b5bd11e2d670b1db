// What a line costs the application: one that nobody wants, one that waits in a ring, and one that is sent, beside pino that writes it to a file.
// All in one run, in turns, so that the machine is the same for each. Prints one JSON object; times are ns a line, medians of rounds.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { createClient } = require('../dist/index.js');
const pino = require('pino');

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 15);
const LINES = Number(process.env.BENCH_LINES ?? 10_000);

const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => response.end('{"accepted":1,"rejected":0}'));
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${server.address().port}`;
const common = { url, service: 'bench', control: false, onMessage: null, queueItems: 1_000_000, queueBytes: 1_000_000_000 };
const quiet = createClient({ ...common, minSeverity: 'info' }, {});
const telltale = createClient(common, {});
const unmasked = createClient({ ...common, redact: false }, {});
const toFile = pino({ level: 'info' }, pino.destination({ dest: '/dev/null', sync: true }));

const fields = { order: 4711, state: 'paid', took: 12.5 };
const message = 'order was paid';
const block = (write) => () => {
  for (let line = 0; line < LINES; line++) write();
};

/** What is measured: the call, and for what is sent also all that is done until it is sent. */
const CASES = {
  suppressed: { run: block(() => quiet.log.debug(message, fields)) },
  held: {
    run: () =>
      quiet.turn(
        { name: 'bench' },
        block(() => quiet.log.debug(message, fields)),
      ),
  },
  call: { run: block(() => telltale.log.info(message, fields)), after: () => telltale.flush(60_000) },
  emitted: { run: block(() => telltale.log.info(message, fields)), within: () => telltale.flush(60_000) },
  emitted_unmasked: { run: block(() => unmasked.log.info(message, fields)), within: () => unmasked.flush(60_000) },
  pino: { run: block(() => toFile.info(fields, message)) },
  pino_suppressed: { run: block(() => toFile.debug(fields, message)) },
};

const rounds = Object.fromEntries(Object.keys(CASES).map((name) => [name, []]));
for (let round = -2; round < ROUNDS; round++)
  for (const [name, { run, within, after }] of Object.entries(CASES)) {
    const began = process.hrtime.bigint();
    run();
    if (within) await within();
    const ns = Number(process.hrtime.bigint() - began) / LINES;
    if (round >= 0) rounds[name].push(ns);
    if (after) await after();
  }

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const ns = Object.fromEntries(Object.entries(rounds).map(([name, values]) => [name, Math.round(median(values))]));
console.log(
  JSON.stringify({
    suppressed_ns: ns.suppressed,
    emitted_vs_pino: Number((ns.emitted / ns.pino).toFixed(2)),
    call_vs_pino: Number((ns.call / ns.pino).toFixed(2)),
    ns,
    lines: LINES,
    rounds: ROUNDS,
    lost: { ...telltale.stats().lost, ...unmasked.stats().lost },
    node: process.version,
  }),
);
for (const client of [quiet, telltale, unmasked]) await client.shutdown(100);
server.closeAllConnections();
server.close();
