import { AUTH, keyWithout, newTestInsights } from './insights.fixture';

describe('the rate of an API key at insights', () => {
  it('a key that floods it gets 429 with Retry-After, and other keys are answered', async () => {
    const { call, app, pass, queries } = await newTestInsights({ requestsPerSecond: 1, bytesPerSecond: 0 });
    try {
      const statuses: number[] = [];
      for (let i = 0; i < 12; i++) statuses.push((await call('GET', '/api/sessions')).status);
      expect(statuses).toEqual([...Array.from({ length: 10 }, () => 200), 429, 429]);
      const asked = queries.length;
      const refused = await call('GET', '/api/sessions');
      expect([refused.headers['retry-after'], refused.json()['error'], queries.length]).toEqual([
        '1',
        {
          code: 'rate_limited',
          message: expect.stringContaining('over its limit of 1 requests per second; wait 1 s') as string,
          fix: expect.stringContaining('INSIGHTS_KEY_REQUESTS_PER_SECOND') as string,
        },
        asked,
      ]);
      const other = { authorization: `Bearer ${keyWithout('operator')}` };
      expect((await call('GET', '/api/sessions', undefined, other)).status).toBe(200);
      pass(1_000);
      expect((await call('GET', '/api/sessions')).status).toBe(200);
    } finally {
      await app.close();
    }
  });

  it('counts the bytes of answers as they go out', async () => {
    const { app, answers, pass } = await newTestInsights({ requestsPerSecond: 0, bytesPerSecond: 100 });
    answers(() => Promise.resolve([{ session_id: 'x'.repeat(5_000) }]));
    await app.listen(0, '127.0.0.1');
    const ask = async () => {
      const answer = await fetch(`${await app.getUrl()}/api/query`, { method: 'POST', headers: { ...AUTH, 'content-type': 'application/json' }, body: JSON.stringify({ sql: 'SELECT 1' }) }); // prettier-ignore
      return { status: answer.status, wait: Number(answer.headers.get('retry-after')), text: await answer.text() };
    };
    try {
      expect(await ask()).toMatchObject({ status: 200 });
      // The bucket held a thousand; an answer of more than five thousand leaves over forty seconds to wait.
      const refused = await ask();
      expect([refused.status, refused.wait > 40, refused.text]).toEqual([
        429,
        true,
        expect.stringContaining('100 bytes per second'),
      ]);
      pass(60_000);
      expect(await ask()).toMatchObject({ status: 200 });
    } finally {
      await app.close();
    }
  });
});
