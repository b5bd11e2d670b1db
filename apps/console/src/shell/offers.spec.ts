import { offersFor } from './offers';

const known = {
  pages: [{ path: '/', name: 'Now' }, { path: '/turns', name: 'Turns' }],
  services: ['turnstile', 'shop'],
  incidents: [{ id: 'in 1', title: 'shop is slow', state: 'open' }, { id: 'in2', title: 'old', state: 'resolved' }],
}; // prettier-ignore
const hrefs = (typed: string): string[] => offersFor(typed, known).map(({ href }) => href);

describe('what can be found', () => {
  it.each([
    ['nothing typed: pages, services, open incidents', '', ['/', '/turns', '/turns?service=turnstile', '/turns?service=shop', '/incidents/in%201']],
    ['the beginning of names, in any case', 'TURN', ['/turns', '/turns?service=turnstile']],
    ['a part of a title', 'slow', ['/incidents/in%201']],
    ['an incident that is over', 'old', ['/incidents/in2']],
    ['an id', 't-42', ['/turns/t-42', '/sessions/t-42']],
    ['words that nothing has', 'zebra crossing', []],
  ])('%s', (_, typed, expected) => expect(hrefs(typed)).toEqual(expected)); // prettier-ignore

  it('puts what begins with a text before what has it in it', () => {
    const services = ['workshop', 'shop'];
    expect(offersFor('shop', { ...known, services, incidents: [] }).map(({ name }) => name)).toEqual(['shop', 'workshop']);
  });
});
