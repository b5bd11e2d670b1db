import { cpuSecondsOf } from './process-figures';

const AFTER_NAME = 'S 1 42 42 0 -1 4194304 2312 0 3 0 250 31 7 9 20 0 11 0 9876 1073741824 5120';

describe('CPU time of a process', () => {
  it.each(['node', 'my (odd) name', 'a) S 9 9'])('is user and system mode together, whatever its name is (%s)', (name) => {
    expect(cpuSecondsOf(`42 (${name}) ${AFTER_NAME}`)).toBe(2.81);
  });
});
