import { createDice } from '@telltale/kernel';

/** A part of a pattern, drawn from by itself. */
type Draw = (random: () => number) => string;

const DIGITS = '0123456789';
const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const WORD = `${LOWER}${LOWER.toUpperCase()}${DIGITS}_`;

function between(first: string, last: string): string {
  let all = '';
  for (let c = first.charCodeAt(0); c <= last.charCodeAt(0); c++) all += String.fromCharCode(c);
  return all;
}

/** Reads literals, `[classes]`, `\d`, `\w`, `(groups|of alternatives)`, `?` and `{m,n}`: what the forms of rules are written in. */
class PatternReader {
  private at = 0;
  constructor(private readonly pattern: string) {}

  alternatives(): Draw {
    const all = [this.sequence()];
    while (this.pattern[this.at] === '|') {
      this.at++;
      all.push(this.sequence());
    }
    return (random) => (all[Math.floor(random() * all.length)] as Draw)(random);
  }

  private sequence(): Draw {
    const parts: Draw[] = [];
    while (this.at < this.pattern.length && !'|)'.includes(this.pattern[this.at] ?? '')) parts.push(this.repeated(this.one()));
    return (random) => parts.map((draw) => draw(random)).join('');
  }

  private one(): Draw {
    const sign = this.pattern[this.at++] ?? '';
    if (sign === '(') {
      const inner = this.alternatives();
      this.at++;
      return inner;
    }
    if (sign === '[') return oneOf(this.members());
    if (sign === '\\') return oneOf(this.escaped());
    return () => sign;
  }

  private escaped(): string {
    const sign = this.pattern[this.at++] ?? '';
    return sign === 'd' ? DIGITS : sign === 'w' ? WORD : sign;
  }

  private members(): string {
    let all = '';
    while (this.pattern[this.at] !== ']') {
      const sign = this.pattern[this.at++] ?? '';
      const last = this.pattern[this.at + 1] ?? '';
      if (sign === '\\') all += this.escaped();
      else if (this.pattern[this.at] === '-' && last !== ']') {
        all += between(sign, last);
        this.at += 2;
      } else all += sign;
    }
    this.at++;
    return all;
  }

  private repeated(draw: Draw): Draw {
    const found = /^(?:\?|\{(\d+)(?:,(\d+))?\})/.exec(this.pattern.slice(this.at));
    if (!found) return draw;
    this.at += found[0].length;
    const least = found[1] === undefined ? 0 : Number(found[1]);
    const most = found[1] === undefined ? 1 : Number(found[2] ?? found[1]);
    return (random) => {
      const times = least + Math.floor(random() * (most - least + 1));
      return Array.from({ length: times }, () => draw(random)).join('');
    };
  }
}

const oneOf =
  (members: string): Draw =>
  (random) =>
    members[Math.floor(random() * members.length)] ?? '';

/** Values of the pattern, the same for the same seed. */
export function samplePattern(pattern: string, count: number, seed: number): string[] {
  const draw = new PatternReader(pattern).alternatives();
  const { uniform } = createDice(seed);
  return Array.from({ length: count }, () => draw(uniform));
}
