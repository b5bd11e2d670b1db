import { TOPICS } from '@telltale/contracts';
import { newTestInsights } from './insights.fixture';

const KINDS = [
  ['/api/control/x-1', 'directive', TOPICS.commands.name, 'set_directive'],
  ['/api/detector/maintenance/x-1', 'maintenance window', TOPICS.detectorSettings.name, 'set_maintenance'],
  ['/api/detector/sensitivity/x-1', 'sensitivity', TOPICS.detectorSettings.name, 'set_sensitivity'],
  ['/api/detector/holidays/x-1', 'list of holidays', TOPICS.detectorSettings.name, 'set_holidays'],
] as const;

describe.each(KINDS)('DELETE %s', (url, noun, topic, type) => {
  let test: Awaited<ReturnType<typeof newTestInsights>>;
  beforeEach(async () => {
    test = await newTestInsights();
  });
  afterEach(() => test.app.close());
  const deleted = async () => {
    const { status, json } = await test.call('DELETE', url);
    return { status, error: json()['error'], produced: test.produced.length > 0 };
  };

  it('refuses what does not exist, and what another tenant has asked for', async () => {
    const refusal = { status: 404, error: { code: 'not_found', message: `there is no ${noun} x-1` }, produced: false };
    expect(await deleted()).toMatchObject(refusal);
    test.put(topic, { type, tenant: 'other', id: 'x-1' });
    expect(await deleted()).toMatchObject(refusal);
    test.put(topic, 'not JSON');
    expect(await deleted()).toMatchObject(refusal);
  });

  it('takes what was asked for a moment ago and is in no table yet', async () => {
    test.put(topic, { type, tenant: 'default', id: 'x-1' });
    expect(await deleted()).toMatchObject({ status: 202, produced: true });
  });

  it.each([
    [{ state: 'active', ends_at: null }, 202],
    [{ state: 'raised', ends_at: '2026-11-23 12:00:01.000' }, 202],
    [{ state: 'raised', ends_at: '2026-11-23 12:00:00.000' }, 404],
    [{ state: 'revoked', ends_at: '2026-11-24 12:00:00.000' }, 404],
    [{ state: 'ended', ends_at: null }, 404],
  ])('%j: %i', async (row, status) => {
    test.answers(() => Promise.resolve([row]));
    expect(await deleted()).toMatchObject({ status, produced: status === 202, ...(status === 404 && { error: { message: `the ${noun} x-1 is over already` } }) }); // prettier-ignore
  });
});
