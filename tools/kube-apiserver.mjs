// A Kubernetes API server without nodes, from source, in ~/.cache/telltale: it admits, defaults and validates what is sent to it, and runs nothing.
// The first build takes some ten minutes and needs Go. `node tools/kube-apiserver.mjs` starts one, prints where its kubeconfig is, and ends it at Ctrl+C or
// when its standard input ends.
import { execFileSync, spawn } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

const KUBERNETES = 'v1.34.2';
const ETCD = 'v3.6.5';
const cache = join(homedir(), '.cache', 'telltale', `kube-apiserver-${KUBERNETES}`);
const go = (folder, args) =>
  execFileSync('go', args, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    env: { ...process.env, GOFLAGS: '-mod=mod', CGO_ENABLED: '0' },
  });

/** A module of our own that needs theirs: `go install` refuses modules that replace others. */
function build(name, write, target, variables = '') {
  const binary = join(cache, name);
  if (existsSync(binary)) return binary;
  const folder = mkdtempSync(join(tmpdir(), `telltale-${name}-`));
  try {
    write(folder);
    process.stderr.write(`building ${name}, once; this takes minutes\n`);
    go(folder, ['build', '-trimpath', `-ldflags=-s -w ${variables}`, '-o', join(folder, 'out'), target]);
    mkdirSync(cache, { recursive: true });
    execFileSync('cp', [join(folder, 'out'), `${binary}.new`]);
    renameSync(`${binary}.new`, binary);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return binary;
}

function kubernetesModule(folder) {
  const { Dir } = JSON.parse(go(tmpdir(), ['mod', 'download', '-json', `k8s.io/kubernetes@${KUBERNETES}`]));
  const staged = KUBERNETES.replace('v1.', 'v0.');
  const mod = readFileSync(join(Dir, 'go.mod'), 'utf8')
    .replace('module k8s.io/kubernetes', 'module telltale/kubeapiserver')
    .replaceAll(/=> \.\/staging\/src\/(\S+)/g, `=> $1 ${staged}`);
  writeFileSync(join(folder, 'go.mod'), `${mod}\nrequire k8s.io/kubernetes ${KUBERNETES}\n`);
  writeFileSync(join(folder, 'go.sum'), readFileSync(join(Dir, 'go.sum'), 'utf8'));
  writeFileSync(
    join(folder, 'main.go'),
    'package main\n\nimport _ "k8s.io/kubernetes/cmd/kube-apiserver/app"\n\nfunc main() {}\n',
  );
}

function etcdModule(folder) {
  writeFileSync(join(folder, 'go.mod'), `module telltale/etcd\n\ngo 1.24\n\nrequire go.etcd.io/etcd/server/v3 ${ETCD}\n`);
  writeFileSync(
    join(folder, 'main.go'),
    'package main\n\nimport (\n\t"os"\n\n\t"go.etcd.io/etcd/server/v3/etcdmain"\n)\n\nfunc main() { etcdmain.Main(os.Args) }\n',
  );
}

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

const stop = (child) =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', resolve);
    child.kill('SIGTERM');
  });

/** Answers with the path of a kubeconfig of an administrator, and how to stop it. */
async function startKubeApiserver() {
  const etcd = build('etcd', etcdModule, '.');
  const apiserver = build(
    'kube-apiserver',
    kubernetesModule,
    'k8s.io/kubernetes/cmd/kube-apiserver',
    `-X k8s.io/component-base/version.gitVersion=${KUBERNETES}`,
  );
  const folder = mkdtempSync(join(tmpdir(), 'telltale-kubernetes-'));
  const path = (name) => join(folder, name);
  const token = randomBytes(16).toString('hex');
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  writeFileSync(path('sa.key'), privateKey);
  writeFileSync(path('tokens.csv'), `${token},admin,1,"system:masters"\n`);
  const [client, peer, port] = [await freePort(), await freePort(), await freePort()];
  const children = [];
  const start = (binary, args) => {
    const child = spawn(binary, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    const said = [];
    child.stderr.on('data', (chunk) => {
      said.push(String(chunk));
      if (said.length > 200) said.shift();
    });
    child.said = () => said.join('').slice(-3_000);
    children.push(child);
    return child;
  };
  const close = async () => {
    for (const child of children.reverse()) await stop(child);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const store = `http://127.0.0.1:${client}`;
    start(etcd, [
      '--data-dir',
      path('etcd'),
      '--listen-client-urls',
      store,
      '--advertise-client-urls',
      store,
      '--listen-peer-urls',
      `http://127.0.0.1:${peer}`,
      '--unsafe-no-fsync',
    ]);
    const server = start(apiserver, [
      ...[`--etcd-servers=${store}`, `--secure-port=${port}`, '--bind-address=127.0.0.1', `--cert-dir=${path('certs')}`],
      ...[
        `--service-account-key-file=${path('sa.key')}`,
        `--service-account-signing-key-file=${path('sa.key')}`,
        '--service-account-issuer=https://kubernetes.local',
      ],
      ...[`--token-auth-file=${path('tokens.csv')}`, '--authorization-mode=RBAC', '--service-cluster-ip-range=10.0.0.0/24'],
    ]);
    const url = `https://127.0.0.1:${port}`;
    writeFileSync(
      path('kubeconfig'),
      `apiVersion: v1\nkind: Config\ncurrent-context: test\ncontexts: [{ name: test, context: { cluster: test, user: admin } }]\nclusters: [{ name: test, cluster: { server: '${url}', insecure-skip-tls-verify: true } }]\nusers: [{ name: admin, user: { token: ${token} } }]\n`,
    );
    // Its certificate is of its own making, and it listens on loopback only.
    const isReady = () =>
      new Promise((resolve) => {
        get(`${url}/readyz`, { rejectUnauthorized: false, headers: { authorization: `Bearer ${token}` } }, (answer) =>
          resolve(answer.resume().statusCode === 200),
        ).on('error', () => resolve(false));
      });
    const end = Date.now() + 120_000;
    while (!(await isReady())) {
      if (server.exitCode !== null || Date.now() > end) throw new Error(`the API server does not start: ${server.said()}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    return { kubeconfig: path('kubeconfig'), close };
  } catch (error) {
    await close();
    throw error;
  }
}

if (process.argv[1] === import.meta.filename) {
  const { kubeconfig, close } = await startKubeApiserver();
  console.log(`export KUBECONFIG=${kubeconfig}`);
  let closing;
  const end = () => (closing ??= close().then(() => process.exit()));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, end);
  process.stdin.resume().once('end', end);
}
