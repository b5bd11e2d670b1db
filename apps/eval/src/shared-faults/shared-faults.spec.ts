import { evaluateSharedFaults } from './shared-faults';

it('says of each fault whether it was one anomaly over all services and one incident', async () => {
  const figures = await evaluateSharedFaults([1]);
  const ofBoth = ['provider', 'tool'].map((what) => [figures[`${what}: all of its calls fail`], figures[`${what}: 60 % of those of its busiest service fail`]]); // prettier-ignore
  for (const [ofAll, ofOne] of ofBoth) {
    expect(ofAll).toMatchObject({ one_over_all: '1 of 1', of_services: 3, that_name_it: 3, one_incident: '1 of 1' });
    expect(ofOne).toMatchObject({ one_over_all: '0 of 1', windows_until_it: null, that_name_it: 0, one_incident: '1 of 1' });
    expect(ofOne?.of_services).toBeGreaterThan(0);
  }
});
