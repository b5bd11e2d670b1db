import { type ApiRequest, createApiClient, requestOf } from './client';

describe('the client of insights', () => {
  it.each([
    ['a query string, without what is undefined', requestOf('listSessions', { since: '24h', limit: 5, service: undefined }), { method: 'GET', path: '/api/sessions?since=24h&limit=5' }],
    ['a path alone', requestOf('listTopics', {}), { method: 'GET', path: '/api/topics' }],
    ['an id that needs encoding', requestOf('getSession', { id: 'a/b?' }), { method: 'GET', path: '/api/sessions/a%2Fb%3F' }],
    ['a path and a query string', requestOf('listWindows', { id: 's1', limit: 2 }), { method: 'GET', path: '/api/series/s1/windows?limit=2' }],
    ['a body', requestOf('labelAnomaly', { id: 'an1', label: 'real' }), { method: 'POST', path: '/api/anomalies/an1/label', body: { label: 'real' } }],
    ['what ends something', requestOf('endMaintenance', { id: 'm1' }), { method: 'DELETE', path: '/api/detector/maintenance/m1' }],
    ['a stream', requestOf('tailEvents', { kind: 'tool' }), { method: 'GET', path: '/api/tail?kind=tool' }],
  ])('makes a request of %s', (_, made, expected) => expect(made).toEqual(expected)); // prettier-ignore

  it('sends the request of an operation and answers what came', async () => {
    const sent: ApiRequest[] = [];
    const client = createApiClient((request) => {
      sent.push(request);
      return Promise.resolve({ sessions: [], next_cursor: 'c' });
    });
    expect((await client.listSessions()).next_cursor).toBe('c');
    expect(sent).toEqual([{ method: 'GET', path: '/api/sessions' }]);
  });
});
