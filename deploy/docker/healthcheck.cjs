// Whether the process of this container works: asks it at HTTP_PORT (default: that of the gateway and of standalone). Exit code 0 or 1; needs no shell.
'use strict';
const port = process.env.HTTP_PORT || '4318';
// The certificate names what clients call the gateway, never 127.0.0.1; other services of the same environment serve without TLS.
const schemes = process.env.GATEWAY_TLS_CERT_FILE ? ['https', 'http'] : ['http'];

const ask = (scheme) =>
  new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path: '/readyz', rejectUnauthorized: false, agent: false, signal: AbortSignal.timeout(4_000 / schemes.length) }; // prettier-ignore
    require(`node:${scheme}`)
      .get(options, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part) => (text += text.length < 500 ? part : ''));
        answer.on('end', () => resolve({ ok: answer.statusCode === 200, text: text.slice(0, 500) })).on('error', reject);
      })
      .on('error', reject);
  });

(async () => {
  let failure;
  for (const scheme of schemes) {
    try {
      const { ok, text } = await ask(scheme);
      if (!ok) console.error(`not ready: ${text}`);
      process.exitCode = ok ? 0 : 1;
      return;
    } catch (error) {
      failure = error;
    }
  }
  console.error(`no answer at port ${port}: ${failure.code ?? failure.name}`);
  process.exitCode = 1;
})();
