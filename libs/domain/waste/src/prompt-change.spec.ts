import { promptChange } from './prompt-change';

const RULES = 'You are the desk of a shop. ';

describe('what changes between two prompts', () => {
  it.each([
    ['time', 'Now: 2026-01-31T10:15:00Z. Help.', 'Now: 2026-01-31T10:16:12Z. Help.', '0000-00-00A00:00:00A.'],
    ['time', 'at 1769860800 ', 'at 1769860922 ', '0000000000'],
    ['date', 'Today is 2026-01-31 ', 'Today is 2026-02-01 ', '0000-00-00'],
    [
      'uuid',
      'id 1b4e28ba-2fa1-11d2-883f-0016d3cca427 ',
      'id 6fa459ea-ee8a-3ca4-894e-db77e160355e ',
      '0a0a00aa-0aa0-00a0-000a-0000a0aaa000',
    ],
    ['number', 'You have 17 tools', 'You have 18 tools', '00'],
    ['random id', 'run a8f3c9d2e1 of', 'run b7e2d8c1f0 of', 'a0a0a0a0a0'],
    ['order', '[{"name":"get"},{"name":"book"}] x', '[{"name":"book"},{"name":"get"}] x', 'aaa'],
    ['text', 'Mia asks', 'Tom asks', 'Aaa'],
  ])('is a %s in %s', (kind, earlier, later, before) => {
    expect(promptChange(RULES + earlier, RULES + later)).toMatchObject({
      kind,
      before,
      behind: expect.stringContaining('desk of a shop') as string,
    });
  });

  it('is none where one goes on from the other', () => {
    expect(promptChange(RULES, `${RULES}And more.`)).toBeNull();
  });
});
