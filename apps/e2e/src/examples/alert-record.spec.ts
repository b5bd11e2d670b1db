import { alertRecord, type AlertRecord } from '@telltale/contracts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Alert, alertKey, lineOf, readAlert } from '../../../../examples/alert-consumer/src/alert';
import { HandledAlerts } from '../../../../examples/alert-consumer/src/handled-alerts';

const ROOT = join(__dirname, '..', '..', '..', '..');
const ALERT: AlertRecord = {
  tenant: 'acme', id: 'a1', incident_id: 'inc1', status: 'firing', at: '2026-11-23T03:00:00.000Z', title: 'errors are up', summary: 'tool calls fail',
}; // prettier-ignore

describe("the example's reading of an alert", () => {
  it('has the fields of the published schema', () => {
    const schema = JSON.parse(readFileSync(join(ROOT, 'docs/schemas/telltale.alerts.v1.json'), 'utf8')) as { required: string[] };
    // Compiles only while each type has what the other asks for.
    const there: Alert = ALERT;
    const back: AlertRecord = there;
    expect(Object.keys(back).sort()).toEqual([...schema.required].sort());
  });

  it.each<[string, unknown]>([
    ['an alert', ALERT],
    ['one that is resolved', { ...ALERT, status: 'resolved' }],
    ['one with a field of a later version', { ...ALERT, later: 'high' }],
    ...Object.keys(ALERT).map((field): [string, unknown] => [`no ${field}`, { ...ALERT, [field]: undefined }]),
    ...Object.keys(ALERT).map((field): [string, unknown] => [`a number as ${field}`, { ...ALERT, [field]: 5 }]),
    ['an unknown status', { ...ALERT, status: 'acked' }],
    ['a time of no day', { ...ALERT, at: '2026-13-23T03:00:00.000Z' }],
    ['a time of another zone', { ...ALERT, at: '2026-11-23T03:00:00+01:00' }],
    ['text', 'not json'],
    ['a list', [ALERT]],
    ['nothing', null],
    ['bytes', Buffer.from([0, 1])],
  ])('takes %s exactly when the contract does', (_what, value) => {
    expect(typeof readAlert(value) !== 'string').toBe(alertRecord.safeParse(value).success);
  });

  it('says what is wrong without what it holds', () => {
    expect(readAlert({ ...ALERT, status: 'planted' })).toBe('status is neither firing nor resolved');
    expect(readAlert('planted')).toBe('is not a JSON object');
  });

  it('prints one line, whatever the texts hold', () => {
    expect(lineOf({ ...ALERT, title: 'a\nb\r\u2028c\u001b[31m' })).toBe('FIRING [acme] a b c [31m: tool calls fail (inc1)');
  });

  it('knows an alert by id and status, and forgets the oldest', () => {
    const handled = new HandledAlerts(2);
    for (const id of ['1', '2', '3']) handled.add(alertKey({ ...ALERT, id }));
    expect(['1', '2', '3'].map((id) => handled.has(`${id}/firing`))).toEqual([false, true, true]);
    expect(handled.has('3/resolved')).toBe(false);
  });
});
