import fc from 'fast-check';
import { logTemplate } from './log-template';
import { createTemplateMiner, type StoredTemplate, type TemplateChange } from './template-miner';

const newMiner = (max = 1_000, restored: readonly StoredTemplate[] = [], restoredNames: Iterable<number> = []) =>
  createTemplateMiner({ scope: 'acme', max, restored, restoredNames });
const idsOf = (lines: readonly string[]): number => {
  const miner = newMiner();
  return new Set(lines.map((line) => miner.match(line, 0)?.id)).size;
};
const textsOf = (lines: readonly string[]): string[] => {
  const miner = newMiner();
  return [...new Set(lines.map((line) => miner.match(line, 0)?.text ?? ''))];
};
/** The content of a store after these changes. */
function keep(store: Map<string, StoredTemplate>, changes: readonly TemplateChange[]): void {
  for (const change of changes)
    if (change.kind === 'gone') store.delete(change.id);
    else store.set(change.template.id, JSON.parse(JSON.stringify(change.template)) as StoredTemplate);
}

describe('log templates', () => {
  it.each([
    ['addresses with ports', ['from 10.0.0.1:80 closed', 'from db.acme.example.net:443 closed', 'from db.acme.com closed']],
    ['times', ['at Fri Jun 17 07:07:00 2005 gone', 'at Sat Jul 2 07:00:01 2006 gone']],
    ['lists of any length', ['drop blk_1 now', 'drop blk_1 blk_-2 blk_3 now']],
    ['what is only added in brackets', ['sent 850 bytes (1 KB) ok', 'sent 10 bytes ok', 'sent 5 bytes () ok']],
    ['names of users', ['session for user root ended', 'session for user mia ended']],
    ['names of users that end in digits', ['login of user mia', 'login of user mia7', 'login of user 0101']],
    ['names before an address', ['hello for mia from 10.0.0.1', 'hello for leo from ::1', 'hello for leo7 from 9.9.9.9']],
    ['quoted text', ["user said 'hello there' today", "user said 'bye' today", "user said 'x7' today"]],
    ['truth of what is said', ['menu is shown: true', 'menu is shown: false']],
    ['switch that is set', ['pump status: enabled, next', 'pump status: disabled, next', 'pump status: off, next']],
    ['names with dots and colons', ['load rm.Foo:bar.baz now', 'load rm.Zoo:go now', 'load org.beta.Tool now']],
    ['properties', ['Agent env:os.name=Linux', 'Agent env:user.dir=/', 'Agent env:java.vendor=Acme Inc, built 1/2/2013']],
    ['classes', ['set class com.a.Foo for com.b.Bar', 'set class com.a.Goo for org.c.d.Zar']],
    ['states that follow each other', ['job_1 moved from NEW to RUNNING', 'job_2 moved from RUNNING to CLEAN_UP']],
    ['queries of addresses', ['"GET /v1/a?x=1&y=2 HTTP/1.1" 200', '"GET /v1/b HTTP/1.1" 404']],
    ['values of keys', ['lock ws=null uid=7 held', 'lock ws=12 uid=8 held']],
    ['Windows paths', ['load C:\\Windows\\x\\a.dll now', 'load D:\\b.dll now']],
  ])('are the same whatever the %s', (_, lines) => expect(textsOf(lines)).toHaveLength(1));

  it.each([
    ['methods of requests', ['"GET /a HTTP/1.1" 200', '"POST /a HTTP/1.1" 200']],
    ['actions', ['onReceive action: android.intent.action.SCREEN_ON', 'onReceive action: android.intent.action.SCREEN_OFF']],
    ['few words in one place', ['VM Paused (Lifecycle Event)', 'VM Started (Lifecycle Event)', 'VM Stopped (Lifecycle Event)']],
    ['errors', ['it met java.io.IOException now', 'it met java.net.BindException now']],
    ['truth joined to a key', ['area overlap:true seen', 'area overlap:false seen']],
    ['quoted states', ["pump is 'Active' now", "pump is 'Inactive' now"]],
    ['text after a colon', ['failed: no such file', 'failed: no space left', 'failed: on purpose']],
    ['text after the name of a logger', ['INFO:app.core:Starting it', 'INFO:app.core:Stopping it']],
    ['values in other places', ['the core 7 failed now', 'the core dump 9 now']],
    ['names of code', ['Http2Handler was not found', 'Http3Client was not found']],
  ])('differ with the %s', (_, lines) => expect(textsOf(lines)).toHaveLength(lines.length));

  it('merge when many words occur in one place, keep the id of the oldest, and report it', () => {
    const miner = newMiner();
    const names = ['ann', 'bob', 'cid', 'dan', 'eve', 'fay'];
    const ids = names.map((name) => miner.match(`job of ${name} finished well`, 0)?.id);
    const merged = miner.match('job of zoe finished well', 0);
    expect(merged).toMatchObject({ id: ids[0], text: 'job of <*> finished well' });
    const gone = miner.changes().filter((change) => change.kind === 'gone');
    expect(gone.map(({ into }) => into)).toEqual(gone.map(() => ids[0]));
    expect([ids[0], ...gone.map(({ id }) => id)]).toEqual(expect.arrayContaining(ids));
    expect(miner.size).toBe(1);
  });

  it.each([
    ['one of them is a value', ['part 77 of job was sent', 'part seven of job was sent'], 'part <*> of job was sent'],
    ['two of them end in values', ['link of eth0 is down', 'link of wlan7 is down'], 'link of <*> is down'],
  ])('become one with fewer when %s', (_, lines, text) => {
    const miner = newMiner();
    for (const line of lines) miner.match(line, 0);
    expect([miner.match(lines[0] ?? '', 0)?.text, miner.size]).toEqual([text, 1]);
  });

  it.each([
    ['identifiers', ['load module mailQueue now', 'load module disk_cache now', 'load module web.Server now']],
    ['users after `for`, known from another line', ['mail of user mia', 'tried often for mia now', 'tried often for leo now']],
    [
      'users of a key, known from another line',
      ['session of user mia', 'login failed uid=0 user=mia', 'login failed uid=0 user=leo'],
    ],
  ])('become one with the second when they differ in %s', (_, lines) => {
    expect(idsOf(lines)).toBe(new Set(lines.map((line) => line.slice(0, 5))).size);
  });

  it('do not become one for a name alone', () => {
    expect(idsOf(['login failed uid=0 user=mia', 'login failed uid=0 user=leo'])).toBe(2);
    expect(idsOf(['session of user test', 'the self test failed', 'the self check failed'])).toBe(3);
  });

  it('survive a restore: the same lines have the same ids, wherever the restore happens', () => {
    const word = fc.constantFrom(
      'open',
      'close',
      'file',
      'port',
      'mia',
      'leo',
      'ann',
      'bob',
      'cid',
      'eve',
      '12',
      '0xff',
      'eth0',
      'blk_7',
      'user mia',
      'a user=mia',
      'a user=leo',
      'mailQueue',
      'mail.queue',
    );
    const line = fc.array(word, { minLength: 1, maxLength: 5 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 120 }), fc.nat(120), fc.integer({ min: 5, max: 40 }), (lines, cut, max) => {
        const whole = newMiner(max);
        const before = newMiner(max);
        const store = new Map<string, StoredTemplate>();
        const expected = lines.map((text, i) => whole.match(text, Math.floor(i / 10))?.id);
        const got = lines.slice(0, cut).map((text, i) => before.match(text, Math.floor(i / 10))?.id);
        keep(store, before.changes());
        const after = newMiner(max, [...store.values()], before.names);
        for (const [i, text] of lines.slice(cut).entries()) got.push(after.match(text, Math.floor((i + cut) / 10))?.id);
        expect(got).toEqual(expected);
      }),
    );
  });

  it('are bounded: the least recently seen are evicted first', () => {
    const miner = newMiner(100);
    const letters = 'abcdefghijklmnopqrstuvwxyz';
    const nameOf = (i: number): string => `${letters[i % 26]}${letters[Math.floor(i / 26) % 26]}`;
    for (let i = 0; i < 600; i++) {
      miner.match(`${nameOf(i)} x`, i);
      miner.match('always here', i);
      expect(miner.size).toBeLessThanOrEqual(100);
    }
    expect(miner.changes()).toContainEqual(
      expect.objectContaining({ kind: 'put', template: expect.objectContaining({ text: 'always here' }) }),
    );
  });

  it('are found again, for any text', () => {
    const piece = fc.constantFrom(
      'a',
      'Zb',
      '7',
      '.',
      '/',
      ':',
      ' ',
      '"',
      '(',
      ')',
      '=',
      '-',
      '@',
      '<*>',
      'user ',
      'ff',
      '\\',
      'é',
      '?',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const miner = newMiner();
        const line = pieces.join('');
        const first = miner.match(line, 0);
        expect(miner.match(line, 0)?.id).toBe(first?.id);
        expect(logTemplate(line).length).toBeLessThanOrEqual(line.length * 3);
      }),
    );
  });

  it('do not exist for lines without words', () => expect(newMiner().match('  ... ', 0)).toBeNull());
});
