import { entriesOf, isMain } from './timeline-entries';

const entry = (at: string, kind: 'deploy' | 'onset' | 'anomaly_joined', ref: string) => ({ at: `2026-03-16T${at}:00.000Z`, kind, text: `${kind} ${ref}`, ref, by: '' }); // prettier-ignore
const deploy = (at: string, id: string) => ({ tenant: 'a', id, at: `2026-03-16T${at}:00.000Z`, service_name: 'shop', version: id, environment: '', source: 'api', kind: 'version', text: `shop ${id}` }) as const; // prettier-ignore

describe('the timeline', () => {
  it('has deploys before it in their place, each once', () => {
    const timeline = [entry('10:00', 'onset', 'a1'), entry('09:55', 'deploy', 'd2'), entry('09:55', 'deploy', 'd2')];
    const shown = entriesOf({ timeline, deploys: [deploy('09:55', 'd2'), deploy('08:00', 'd1')] });
    expect(shown.map(({ kind, ref }) => [kind, ref])).toEqual([['deploy', 'd1'], ['deploy', 'd2'], ['onset', 'a1']]); // prettier-ignore
    expect(shown.map(({ service }) => service)).toEqual(['shop', 'shop', '']);
  });

  it('knows what matters most of it', () => {
    expect([isMain({ kind: 'directive' }), isMain({ kind: 'anomaly_joined' })]).toEqual([true, false]);
  });
});
