import { cuesOf } from './cues';

describe('cues in a request', () => {
  it.each([
    ['No, I said the 24th of May, not the 20th.', ['correction']],
    ['I already gave you my user id.', ['correction']],
    ['That’s not what I asked for!', ['correction']],
    ['Das stimmt so nicht, ich meinte den zweiten Auftrag.', ['correction']],
    ['Je vous l’ai déjà dit.', ['correction']],
    ['Ya te dije mi número de pedido', ['correction']],
    ['come ho detto, vorrei cambiare il volo', ['correction']],
    ['já lhe disse o número', ['correction']],
    ['Ik heb dat al gezegd', ['correction']],
    ['違います、明日です', ['correction']],
    ['我已经说过了', ['correction']],
    ['This is ridiculous, it still does not work.', ['complaint']],
    ['Es funktioniert immer noch nicht', ['complaint']],
    ['C’est inacceptable', ['complaint']],
    ['没用', ['complaint']],
    ['Can I speak to a real person?', ['asks_for_person']],
    ['let me talk with someone', ['asks_for_person']],
    ['Ich möchte mit einem Mitarbeiter sprechen', ['asks_for_person']],
    ['quiero hablar con una persona', ['asks_for_person']],
    ['转人工', ['asks_for_person']],
    ['Perfect, thank you!', ['thanks']],
    ['###STOP###', ['farewell']],
    ['Das war alles, auf Wiedersehen', ['thanks', 'farewell']],
    ['No, nothing else. Bye!', ['farewell']],
    ['Vielen Dank', ['thanks']],
  ])('%s', (request, expected) => expect(cuesOf(request, '')).toEqual(expected));

  it.each([
    'I want to cancel my order', 'Is a return possible if the shoe size is wrong?', 'Which agent booked this?', 'Where is the human resources office?', 'Ich habe eine Frage zu meiner Rechnung', 'no',
    'Quel est le prix du billet ?', '请帮我查一下订单', 'Find the annulled bookings', 'I have already eaten; book a table for tomorrow', 'stop my subscription', 'Is that by the end of May?',
  ])('are none in: %s', (request) => expect(cuesOf(request, '')).toEqual([])); // prettier-ignore
});

describe('cues in an answer', () => {
  it.each([
    ['I’m sorry, but I was not able to find that reservation.', ['apology', 'says_it_failed']],
    ['There was an error while booking.', ['says_it_failed']],
    ['Es tut mir leid, ich konnte die Bestellung nicht finden.', ['apology', 'says_it_failed']],
    ['Ocurrió un error', ['says_it_failed']],
    ['Your order is on its way.', []],
    ['You are all set. Is there anything else?', []],
  ])('%s', (answer, expected) => expect(cuesOf('', answer)).toEqual(expected));
});

it('takes no longer for a text that nearly matches again and again', () => {
  const hard = `${'speak me really really '.repeat(2_000)} i have already`;
  expect(cuesOf(hard, 'konnte das das das '.repeat(2_000))).toEqual([]);
});
