import { type EventRecord, type VolumeRecord } from '@telltale/contracts';

type Stored = Pick<EventRecord, 'tenant' | 'service_name' | 'verbosity_level'>;
type Volume = VolumeRecord['volumes'][number];

/** How much one batch stored, by tenant, service and level. Services are few: their names were admitted. */
export function createVolumes() {
  let tenants = new Map<string, Map<string, Volume>>();
  return {
    add({ tenant, service_name, verbosity_level }: Stored, bytes: number): void {
      let own = tenants.get(tenant);
      if (!own) tenants.set(tenant, (own = new Map()));
      const key = `${verbosity_level}/${service_name}`;
      const known = own.get(key);
      if (!known) own.set(key, { service_name, verbosity_level, events: 1, bytes });
      else {
        known.events++;
        known.bytes += bytes;
      }
    },
    /** What was added since. */
    take(at: string): VolumeRecord[] {
      const taken = [...tenants].map(([tenant, own]) => ({ tenant, at, volumes: [...own.values()] }));
      tenants = new Map();
      return taken;
    },
  };
}
