import { z } from 'zod';
import { describeSlice, loadConfig, printConfig } from './config';

const slice = z.object({
  WAIT_MS: z.coerce.number().int().min(1).default(5).describe('How long'),
  API_KEY: z.string().optional().describe('A secret'),
});

describe('configuration', () => {
  it('takes defaults, and an empty variable as absent', () => {
    expect(loadConfig(slice, { WAIT_MS: '' })).toEqual({ WAIT_MS: 5 });
  });
  it('names the wrong variable and what it means', () => {
    expect(() => loadConfig(slice, { WAIT_MS: 'soon' })).toThrow(/WAIT_MS: .*\(How long\)/);
  });
  it('never prints a secret', () => {
    expect(printConfig({ WAIT_MS: 5, API_KEY: 'hunter2' })).toBe('WAIT_MS=5\nAPI_KEY=(set)');
  });
  it('describes every variable with its default', () => {
    expect(describeSlice(slice)[0]).toEqual({ name: 'WAIT_MS', fallback: '5', about: 'How long' });
  });
});
