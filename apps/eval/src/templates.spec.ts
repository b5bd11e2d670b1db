import { testData } from '@telltale/testkit';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evaluateTemplates, groupingAccuracy } from './templates';

describe('evaluating templates', () => {
  it.each([
    ['right', ['x', 'x', 'y'], 1],
    ['split', ['x', 'z', 'y'], 1 / 3],
    ['lumped', ['x', 'x', 'x'], 0],
  ])('counts the lines of groups that are %s', (_, found, share) =>
    expect(groupingAccuracy(found, ['1', '1', '2'])).toBeCloseTo(share),
  );

  it('measures each set of a folder, from nothing', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sets-'));
    mkdirSync(join(folder, 'One'));
    const rows = ['took 3 ms to save,E1', 'took 4 ms to save,E1', 'cannot save,E2', 'cannot load,E2'];
    writeFileSync(join(folder, 'One', 'one_structured.csv'), ['Content,EventId', ...rows].join('\n'));
    await expect(evaluateTemplates(folder)).resolves.toMatchObject({ grouping_accuracy_mean: 0.5, per_set: { One: 0.5 } });
    const names = ['ann', 'bob', 'cid', 'dan', 'eve', 'fay'].map((name) => `job of ${name} finished well,E1`);
    writeFileSync(
      join(folder, 'One', 'one_structured.csv'),
      ['Content,EventId', ...names, 'took 3 ms,E2', 'took 4 ms,E2'].join('\n'),
    );
    await expect(evaluateTemplates(folder)).resolves.toMatchObject({
      per_set: { One: 1 },
      per_set_live: { One: 0.25 },
      per_set_masked: { One: 0.25 },
      grouping_accuracy_live: 0.25,
      grouping_accuracy_masked: 0.25,
    });
    // A byte-order mark, and lines of a message that hold quotes, commas and line ends.
    const quoted = rows.map((row) => row.replace(/(.*),(E\d)/, '"$1 ""x"",\n",$2'));
    writeFileSync(join(folder, 'One', 'one_structured.csv'), `\uFEFF${['Content,EventId', ...quoted].join('\r\n')}\r\n`);
    await expect(evaluateTemplates(join(folder, 'One'))).resolves.toMatchObject({ per_set: { one: 0.5 } });
    writeFileSync(join(folder, 'One', 'one_structured.csv'), 'Content,EventId\n"never closed,E1');
    expect(() => evaluateTemplates(folder)).toThrow(/one_structured\.csv: Quote Not Closed/);
    writeFileSync(join(folder, 'One', 'one_structured.csv'), 'Content,Id');
    expect(() => evaluateTemplates(folder)).toThrow('no column EventId');
    rmSync(join(folder, 'One'), { recursive: true });
    expect(() => evaluateTemplates(folder)).toThrow('no *_structured.csv');
    rmSync(folder, { recursive: true });
  });

  const { path: data, itData, leftOut } = testData('loghub');
  itData(`groups real logs${leftOut}`, async () => {
    const result = await evaluateTemplates(data);
    expect(result.grouping_accuracy_mean).toBeGreaterThan(0.94);
    expect(result.grouping_accuracy_live).toBeGreaterThan(0.93);
  });
});
