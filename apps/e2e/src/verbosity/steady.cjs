// Logs at a constant rate, an informative line and a debug line a round, and reports each round on standard output.
// Its wall clock is STEADY_CLOCK_MS off; `clock <ms>` on standard input sets it again. The end of input ends it.
const { createInterface } = require('node:readline');

const trueNow = Date.now;
let wallOffsetMs = Number(process.env.STEADY_CLOCK_MS);
Date.now = () => trueNow() + wallOffsetMs;

const telltale = require(process.env.TELLTALE_NODE_SDK);

const ROUND_MS = 20;
const report = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);

const client = telltale.init();
const log = telltale.logger('steady');
let rounds = 0;
let slowest = 0;
const timer = setInterval(() => {
  rounds++;
  const began = performance.now();
  telltale.session('steady', () =>
    telltale.turn({ name: 'round' }, () => {
      log.info(`line ${rounds}`);
      log.debug(`detail ${rounds}`);
    }),
  );
  slowest = Math.max(slowest, performance.now() - began);
  report({ round: rounds, at: trueNow() });
}, ROUND_MS);

const input = createInterface({ input: process.stdin });
input.on('line', (line) => (wallOffsetMs = Number(line.split(' ')[1])));
input.on('close', async () => {
  clearInterval(timer);
  await telltale.flush(30_000);
  const { lost, pending } = client.stats();
  report({ round: rounds, slowest_ms: slowest, lost, waiting: pending });
  await telltale.shutdown(5_000);
});
