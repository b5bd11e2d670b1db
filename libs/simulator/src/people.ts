import { type Random } from './random';

const FIRST = ['Ana', 'Ben', 'Chen', 'Dara', 'Emil', 'Fatou', 'Goran', 'Hana', 'Ines', 'Jonas'] as const;
const LAST = ['Almeida', 'Bauer', 'Chang', 'Diallo', 'Eriksen', 'Ferri', 'Gruber', 'Horvat', 'Ito', 'Jansen'] as const;

/** Somebody who does not exist. */
export interface Person {
  readonly name: string;
  readonly email: string;
  readonly card: string;
  readonly phone: string;
}

/** Appends the Luhn check digit, so that the number passes for a real card. */
export function withLuhnDigit(digits: string): string {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    const doubled = i % 2 === 0 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return digits + String((10 - (sum % 10)) % 10);
}

const digitsOf = (random: Random, count: number): string => {
  let text = '';
  for (let i = 0; i < count; i++) text += String(random.int(0, 9));
  return text;
};

export function createPerson(random: Random): Person {
  const first = random.pick(FIRST);
  const last = random.pick(LAST);
  const card = withLuhnDigit('4' + digitsOf(random, 14));
  return {
    name: `${first} ${last}`,
    email: `${first}.${last}${random.int(1, 99)}@example.com`.toLowerCase(),
    card: card.replace(/(\d{4})(?=\d)/g, '$1 '),
    phone: `+1-202-555-${String(random.int(100, 199)).padStart(4, '0')}`,
  };
}

/** What people add to their requests without being asked. */
export function personalTouch(random: Random, person: Person): string {
  const dice = random.next();
  if (dice < 0.12) return ` You can reach me at ${person.email}.`;
  if (dice < 0.18) return ` My card is ${person.card}.`;
  if (dice < 0.22) return ` Call me on ${person.phone}.`;
  return '';
}
