import { type SettingHistoryRow, settingKey, type SettingRecord, TOPICS } from '@telltale/contracts';
import { type LogRecord } from '@telltale/streaming';
import { newTestTask, rowsOf, runWithRestores } from '@telltale/streaming/testing';
import { settingsService } from './service';

const open = () => settingsService.open({});
function recordOf(version: number, value: object | null, over: Partial<SettingRecord> = {}): LogRecord {
  const setting = { type: 'tenant', tenant: 'acme', name: 'default', version, changed_at: `2026-01-0${version}T00:00:00.000Z`, changed_by: 'key ops', value, ...over } as SettingRecord; // prettier-ignore
  return { topic: TOPICS.settings.name, partition: 0, offset: version, key: settingKey(setting), value: Buffer.from(JSON.stringify(setting)), headers: {}, timestampMs: 0 }; // prettier-ignore
}
const SHA = 'abcdef0123456789'.repeat(4);

describe('the history of settings', () => {
  it('has a row for every change: what, when, by whom', () => {
    const sut = newTestTask(open());
    const effects = sut.run({
      now: 1,
      records: [recordOf(1, { privacy: 'mask' }), recordOf(2, { privacy: 'drop_content' }), recordOf(3, null)],
    });
    expect(rowsOf<SettingHistoryRow>(effects, 'settings_history')).toEqual([
      { tenant: 'acme', type: 'tenant', name: 'default', version: 1, changed_at: '2026-01-01T00:00:00.000Z', changed_by: 'key ops', value: '{"privacy":"mask"}' },
      { tenant: 'acme', type: 'tenant', name: 'default', version: 2, changed_at: '2026-01-02T00:00:00.000Z', changed_by: 'key ops', value: '{"privacy":"drop_content"}' },
      { tenant: 'acme', type: 'tenant', name: 'default', version: 3, changed_at: '2026-01-03T00:00:00.000Z', changed_by: 'key ops', value: '' },
    ]); // prettier-ignore
  });

  it('has one row where several processes took up the same settings file', () => {
    const twice = [
      recordOf(1, { privacy: 'mask' }),
      recordOf(1, { privacy: 'mask' }, { changed_at: '2026-01-01T00:00:00.005Z' }),
    ];
    expect(rowsOf(newTestTask(open()).run({ now: 1, records: twice }), 'settings_history')).toHaveLength(1);
  });

  it('keeps so much of the digest of an API key as tells keys apart', () => {
    const key = recordOf(1, { sha256: SHA }, { type: 'api_key', name: 'bots' });
    const [row] = rowsOf<SettingHistoryRow>(newTestTask(open()).run({ now: 1, records: [key] }), 'settings_history');
    expect(row?.value).toBe(`{"sha256":"${SHA.slice(0, 12)}"}`);
  });

  it('has dead letters of records that cannot be read', () => {
    const { rejections } = newTestTask(open()).run({
      now: 1,
      records: [{ ...recordOf(1, {}), value: Buffer.from('{"type":"tenant"}') }],
    });
    expect(rejections).toMatchObject([{ reason: 'invalid_field', step: 'read_setting' }]);
  });

  it('is written by the task of the first partition alone: the others read the same records', () => {
    const { process } = open().createTask(1, new Map());
    expect(process([recordOf(1, { privacy: 'mask' })], { source: 's', partition: 1, now: 1 })).toMatchObject({
      rows: new Map(),
      state: new Map(),
    });
  });

  it('is the same when the task is lost and restored after any batch', () => {
    const batches = [recordOf(1, { privacy: 'mask' }), recordOf(1, { privacy: 'mask' }), recordOf(3, null), recordOf(2, {})].map((record, now) => ({ now, records: [record] })); // prettier-ignore
    const whole = runWithRestores(open(), batches, []);
    for (const cut of [0, 1, 2, 3]) expect(runWithRestores(open(), batches, [cut])).toEqual(whole);
  });
});
