/** The simulated fleet: who is observed, with which tools and models. */
export interface SimulatedTool {
  readonly name: string;
  readonly medianMs: number;
  readonly failureRate: number;
  readonly failure: { readonly type: string; readonly message: string };
}

export interface SimulatedModel {
  readonly name: string;
  readonly provider: string;
  readonly medianMs: number;
}

export interface SimulatedService {
  readonly name: string;
  readonly agent: string;
  readonly version: string;
  readonly share: number;
  /** Plans with the first model, answers with the second. */
  readonly planner: SimulatedModel;
  readonly writer: SimulatedModel;
  readonly tools: readonly [SimulatedTool, ...SimulatedTool[]];
  readonly requests: readonly [string, ...string[]];
  readonly answers: readonly [string, ...string[]];
  readonly documents: readonly [string, ...string[]];
}

const tool = (name: string, medianMs: number, failureRate: number, type: string, message: string): SimulatedTool => ({
  name,
  medianMs,
  failureRate,
  failure: { type, message },
});

const GPT_4O: SimulatedModel = { name: 'gpt-4o', provider: 'openai', medianMs: 1_400 };
const GPT_4O_MINI: SimulatedModel = { name: 'gpt-4o-mini', provider: 'openai', medianMs: 620 };
const CLAUDE_SONNET: SimulatedModel = { name: 'claude-sonnet-4-5', provider: 'anthropic', medianMs: 1_900 };
const GEMINI_FLASH: SimulatedModel = { name: 'gemini-2.5-flash', provider: 'google', medianMs: 540 };

export const FLEET: readonly [SimulatedService, ...SimulatedService[]] = [
  {
    name: 'support-bot',
    agent: 'support',
    version: '3.14.0',
    share: 0.45,
    planner: GPT_4O_MINI,
    writer: GPT_4O,
    tools: [
      tool('lookup_customer', 90, 0.01, 'NotFoundError', 'no customer with this key'),
      tool('search_orders', 180, 0.015, 'TimeoutError', 'orders index did not answer in 5000 ms'),
      tool('refund_payment', 650, 0.03, 'PaymentDeclined', 'processor refused refund, code 51'),
      tool('send_email', 240, 0.01, 'SmtpError', '421 service not available, try again'),
    ],
    requests: [
      'Where is my order? I ordered twelve days ago and nothing has come.',
      'I was charged twice this month and want the second payment back.',
      'The lamp arrived broken. Can you send another one?',
      'Please change the address of my last order.',
      'I cannot sign in since yesterday, the reset mail never comes.',
    ],
    answers: [
      'I found your order. It left the warehouse yesterday and should be with you on Thursday.',
      'The second payment was a mistake of ours. I have sent it back; it takes three to five days.',
      'I am sorry about that. A replacement is on its way, and you can keep the broken one.',
      'Done: the new address is on the order.',
    ],
    documents: ['refund-policy', 'shipping-times', 'account-recovery'],
  },
  {
    name: 'shop-assistant',
    agent: 'shopper',
    version: '1.9.2',
    share: 0.35,
    planner: GEMINI_FLASH,
    writer: GPT_4O_MINI,
    tools: [
      tool('search_products', 140, 0.008, 'SearchUnavailable', 'shard 3 of 8 is not available'),
      tool('check_stock', 70, 0.01, 'StaleStock', 'stock count is older than 900 s'),
      tool('apply_coupon', 110, 0.04, 'CouponRejected', 'coupon is not valid for this basket'),
      tool('create_basket', 160, 0.01, 'ConflictError', 'basket was changed by another session'),
    ],
    requests: [
      'I am looking for a quiet dishwasher under 600 euros.',
      'Do you have these running shoes in size 43?',
      'Does the ten percent coupon work with the sale price?',
      'Put two of the blue ones in my basket, please.',
    ],
    answers: [
      'Three models fit. The quietest has 39 dB and costs 549 euros.',
      'Yes, size 43 is in stock in black and grey.',
      'The coupon does not add to sale prices, but it works on the accessories.',
      'Two blue ones are in your basket.',
    ],
    documents: ['dishwasher-guide', 'size-chart', 'coupon-rules'],
  },
  {
    name: 'travel-agent',
    agent: 'planner',
    version: '0.8.5',
    share: 0.2,
    planner: CLAUDE_SONNET,
    writer: CLAUDE_SONNET,
    tools: [
      tool('search_flights', 820, 0.02, 'UpstreamTimeout', 'fare service did not answer in 8000 ms'),
      tool('book_flight', 1_150, 0.03, 'SeatGone', 'seat was sold while booking'),
      tool('hotel_rates', 430, 0.015, 'RateLimited', 'too many requests, retry after 2 s'),
      tool('get_weather', 120, 0.01, 'BadGateway', '502 from forecast service'),
    ],
    requests: [
      'Find me a morning flight from Lisbon to Vienna next Friday.',
      'Book the 9:40 one with one bag, please.',
      'Which hotels near the station have a room below 120 euros?',
      'Will it rain in Vienna at the weekend?',
    ],
    answers: [
      'There are two: 07:15 with a stop in Zurich, and 09:40 direct for 182 euros.',
      'The 09:40 flight is booked with one bag. The ticket is in your mail.',
      'Four hotels fit; the closest is 300 m from the station for 104 euros.',
      'Saturday stays dry with 21 degrees; on Sunday take an umbrella.',
    ],
    documents: ['baggage-rules', 'visa-notes', 'station-hotels'],
  },
];
