import { createTailClient } from './tail-client';

function newTestClient(capacity: number) {
  const frames: string[] = [];
  let isFull = false;
  let drain: (() => void) | null = null;
  const sink = {
    write: (frame: string) => {
      frames.push(frame.replace(/\n+$/, '').replaceAll('\n', ' '));
      return !isFull;
    },
    onDrain: (next: () => void) => {
      drain = next;
    },
  };
  let counted = 0;
  const sut = createTailClient(sink, capacity, (count) => (counted += count));
  return { sut, frames, fill: () => (isFull = true), drainNow: () => ((isFull = false), drain?.()), counted: () => counted };
}

describe('tail client', () => {
  it('sends at once while the socket takes it', () => {
    const { sut, frames } = newTestClient(2);
    sut.offer('1');
    sut.offer('2');
    expect(frames).toEqual(['event: event data: 1', 'event: event data: 2']);
  });

  it('keeps a few for a slow one, leaves out the rest, and says how many before going on', () => {
    const { sut, frames, fill, drainNow, counted } = newTestClient(2);
    fill();
    ['1', '2', '3', '4', '5'].forEach((line) => sut.offer(line));
    expect(frames).toEqual(['event: event data: 1']);
    drainNow();
    sut.offer('6');
    expect(frames.slice(1)).toEqual([
      'event: event data: 2',
      'event: event data: 3',
      'event: skipped data: {"count":2}',
      'event: event data: 6',
    ]);
    expect([sut.skipped, counted()]).toEqual([2, 2]);
  });

  it('stops again when the socket fills up in between', () => {
    const { sut, frames, fill, drainNow } = newTestClient(5);
    fill();
    ['1', '2', '3'].forEach((line) => sut.offer(line));
    drainNow();
    expect(frames).toHaveLength(3);
    fill();
    sut.offer('4');
    sut.offer('5');
    expect(frames).toHaveLength(4);
    drainNow();
    expect(frames.at(-1)).toBe('event: event data: 5');
  });
});
