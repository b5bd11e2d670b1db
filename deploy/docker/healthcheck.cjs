// Whether the process of this container works: asks it at HTTP_PORT (default: that of the gateway and of standalone). Exit code 0 or 1; needs no shell.
'use strict';
const port = process.env.HTTP_PORT || '4318';
fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(4_000) }).then(
  async (answer) => {
    if (!answer.ok) console.error(`not ready: ${(await answer.text()).slice(0, 500)}`);
    process.exitCode = answer.ok ? 0 : 1;
  },
  (error) => {
    console.error(`no answer at port ${port}: ${error.cause?.code ?? error.name}`);
    process.exitCode = 1;
  },
);
