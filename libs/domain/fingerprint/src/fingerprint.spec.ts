import { createErrorFingerprints, type Fault } from './error-fingerprint';
import { logTemplate } from './log-template';

describe('a log template', () => {
  it.each([
    ['numbers', 'took 12.5 ms after 3 tries', 'took 101 ms after 4 tries'],
    ['numbers with units', 'took 12ms, 30% full, 4MiB', 'took 9ms, 31% full, 5MiB'],
    ['ids', 'job 550e8400-e29b-41d4-a716-446655440000 done', 'job 650e8400-e29b-41d4-a716-446655440001 done'],
    ['hexadecimal', 'at 0xdeadbeef in 4bf92f3577b34da6', 'at 0x12ab in a3ce929d0e0e4736'],
    ['quoted text', 'user "mia" said \'no\'', 'user "leo" said \'yes please\''],
    ['addresses', 'from 10.0.0.1:80', 'from 192.168.1.2:8080'],
    ['paths', 'open /var/lib/x/1.db', 'open /etc/y.conf/z'],
    ['URLs', 'GET https://a.example/x?y=1 failed', 'GET http://b.example/ failed'],
    ['numbers inside words', 'worker-12 ready', 'worker-7 ready'],
  ])('is the same whatever the %s', (_, a, b) => {
    expect(logTemplate(a)).toBe(logTemplate(b));
    expect(logTemplate(a)).toContain('<*>');
  });
  it.each([
    ['words', 'cannot open file', 'cannot close file'],
    ['apostrophes', "it didn't work and can't", "it didn't run and can't"],
  ])('differs with the %s', (_, a, b) => {
    expect(logTemplate(a)).not.toBe(logTemplate(b));
  });
  it('keeps a line without variable parts', () => expect(logTemplate('service started')).toBe('service started'));
  it('handles a long line in bounded time', () => {
    for (const piece of ['"', "'", '/a', 'f', '0x', '1.']) expect(logTemplate(piece.repeat(500_000)).length).toBeLessThan(5_000);
  });
});

describe('an error fingerprint', () => {
  const fingerprint = createErrorFingerprints();
  const of = (fault: Partial<Fault>): string =>
    fingerprint({ type: 'Timeout', message: 'no answer in 30 s', stack: '', tool: 'search', ...fault });
  const js = (path: string, line: number) =>
    `Error: x\n    at fetch (${path}/client.js:${line}:7)\n    at run (${path}/loop.js:3:1)`;
  const py = (line: number) =>
    `Traceback (most recent call last):\n  File "/srv/app-${line}/main.py", line ${line}, in run\n    x()\nTimeout: 1`;

  it.each([
    ['numbers', {}, { message: 'no answer in 31 s' }],
    ['lines and folders of JavaScript', { stack: js('/home/a/app', 10) }, { stack: js('/srv/b', 99) }],
    ['lines and folders of Python', { stack: py(10) }, { stack: py(99) }],
    ['later lines of the message', { message: 'x\ny' }, { message: 'x\nz' }],
  ])('is the same for other %s', (_, a, b) => expect(of(a)).toBe(of(b)));
  it.each<[string, Partial<Fault>]>([
    ['type', { type: 'Refused' }],
    ['words', { message: 'no route to host' }],
    ['tool', { tool: 'book' }],
    ['place', { stack: js('/a', 1).replace('fetch', 'send') }],
  ])('differs with the %s', (_, other) => expect(of(other)).not.toBe(of({ stack: other.stack ? js('/a', 1) : '' })));
  it('is empty where there is no error', () => expect(of({ type: '', message: '' })).toBe(''));
});
