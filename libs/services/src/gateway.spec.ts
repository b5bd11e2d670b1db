import { cellUrlsOf, gatewayConfig } from './gateway';

describe('the cells that a gateway knows', () => {
  it('are addresses by name', () => {
    const config = gatewayConfig.parse({
      GATEWAY_CELL_URLS: 'eu-1=https://eu-1.example.com:4318, us-1=http://10.0.0.1:4318/?a=b',
    });
    expect([...cellUrlsOf(config)]).toEqual([
      ['eu-1', 'https://eu-1.example.com:4318'],
      ['us-1', 'http://10.0.0.1:4318/?a=b'],
    ]);
    expect(cellUrlsOf(gatewayConfig.parse({})).size).toBe(0);
  });

  it.each([
    [{ GATEWAY_CELL: 'EU 1' }, 'is not a name of a cell'],
    [{ GATEWAY_CELL_URLS: 'eu-1' }, 'is not a list of cells and addresses'],
    [{ GATEWAY_CELL_URLS: 'eu-1=eu-1.example.com' }, 'give eu-1=https://'],
    [{ GATEWAY_CELL_URLS: 'eu-1=https://a,' }, 'is not a list of cells and addresses'],
  ])('%j is refused with the fix', (env, said) => {
    expect(gatewayConfig.safeParse(env).error?.issues[0]?.message).toContain(said);
  });
});
