import { extract, inject, withContext } from './propagation';

const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
const ids = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };

describe('headers', () => {
  it.each([
    ['a trace', { traceparent }, { ...ids, sessionId: '' }],
    ['a trace, in whatever case', { TraceParent: traceparent }, { ...ids, sessionId: '' }],
    ['a trace, of fetch', new Headers({ traceparent, baggage: 'session.id=s1' }), { ...ids, sessionId: 's1' }],
    ['a trace of a later version', { traceparent: `01-${'a'.repeat(32)}-${'b'.repeat(16)}-01-more` }, { ...ids, sessionId: '' }],
    ['a session', { baggage: ['x=1', 'session.id = s%201 ; p=1'] }, { traceId: '', spanId: '', sessionId: 's 1' }],
    ['nothing', {}, null],
    ['no trace', { traceparent: `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01` }, null],
    ['more than this version has', { traceparent: `${traceparent}-more` }, null],
    ['a version that there is not', { traceparent: `ff-${'a'.repeat(32)}-${'b'.repeat(16)}-01` }, null],
    ['capitals', { traceparent: traceparent.toUpperCase() }, null],
    ['a session that cannot be read', { baggage: 'session.id=%' }, null],
    ['endless baggage', { baggage: `session.id=${'x'.repeat(10_000)}` }, null],
    ['what is no text', { traceparent: 7 }, null],
  ])('that say %s', (_, headers, expected) => {
    expect(extract(headers)).toEqual(expected);
  });

  it('say to the called service what they said here', () => {
    withContext(extract({ traceparent, baggage: 'session.id=a%2Cb' }), () => {
      expect(inject({ accept: '*/*' })).toEqual({ accept: '*/*', traceparent, baggage: 'session.id=a%2Cb' });
    });
  });

  it('stay as they are where nothing is known', () => {
    expect(inject({ Baggage: 'a=b' })).toEqual({ Baggage: 'a=b' });
  });
});
