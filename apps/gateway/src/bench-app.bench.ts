import { createEncryptor, createRecordSigner } from '@telltale/adapter-crypto';
import { createKeyStore, digestOf } from '@telltale/auth';
import { createHttpApp } from '@telltale/platform-nest-runtime';
import { systemClock } from '@telltale/platform-telemetry';
import { gatewayConfig } from '@telltale/services';
import { changedSetting, createSettingStore } from '@telltale/settings';
import { type GatewayDeps } from './deps';
import { GatewayModule } from './gateway.module';
import { createInflight } from './inflight';
import { limitsOf } from './limits';
import { createMemoryBroker } from './memory-broker.fixture';
import { createPace } from './pace';

type MemoryBroker = ReturnType<typeof createMemoryBroker>;

/** A gateway in this process, over a broker in memory, with a key for each tenant. */
export async function startBenchGateway(
  keys: readonly (readonly [tenant: string, key: string])[],
  prepare: (memory: MemoryBroker, signer: GatewayDeps['signer']) => unknown,
): Promise<Pick<GatewayDeps, 'broker' | 'signer'> & { readonly url: string; stop(): Promise<void> }> {
  const memory = createMemoryBroker();
  const { broker } = memory;
  const stopping = new AbortController();
  const metrics = { count: () => undefined, observe: () => undefined, set: () => undefined };
  const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  const limits = limitsOf(gatewayConfig.parse({}));
  const signer = createRecordSigner(Buffer.alloc(32, 1));
  await prepare(memory, signer);
  const settings = keys.map(([tenant, key]) => {
    const setting = { type: 'api_key', tenant, name: 'bench', value: { sha256: digestOf(key).toString('hex') } } as const;
    return changedSetting(undefined, setting, { by: 'bench', now: 0 });
  });
  const deps: GatewayDeps = {
    broker,
    encryptor: createEncryptor({ masterKey: Buffer.alloc(32, 1), clock: systemClock }),
    signer,
    keys: createKeyStore(createSettingStore(settings)),
    cells: { own: null, urls: new Map() },
    clock: systemClock,
    metrics,
    tracer: null,
    logger: silent,
    limits,
    partitions: 1,
    inflight: createInflight(limits, metrics),
    pace: createPace(systemClock, limits),
    stopping: stopping.signal,
  };
  const app = await createHttpApp(GatewayModule.register(deps), limits.maxBodyBytes);
  await app.listen(0, '127.0.0.1');
  return {
    broker,
    signer,
    url: await app.getUrl(),
    async stop() {
      stopping.abort();
      await app.close();
    },
  };
}
