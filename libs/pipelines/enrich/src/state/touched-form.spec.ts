import { touchedForm } from './touched-form';

it('is read and written as before', () => {
  const stored = '{"prompts":[{"at":5,"traceId":"t"}],"touched":7}';
  const form = touchedForm<readonly { at: number; traceId: string }[]>('prompts');
  expect(form.decode(Buffer.from(stored))).toEqual({ at: 7, value: [{ at: 5, traceId: 't' }] });
  expect(form.encode({ at: 7, value: [{ at: 5, traceId: 't' }] })).toBe(stored);
});
