import { missingParts } from './collector-process';

/** Of `collector components`, shortened. */
const ANSWER = `buildinfo:
    command: collector
    version: 0.165.1
receivers:
    - name: kafka
      module: github.com/open-telemetry/opentelemetry-collector-contrib/receiver/kafkareceiver v0.165.1
      stability:
        traces: Beta
processors: []
exporters:
    - name: clickhouse
      stability:
        traces: Beta
    - name: nop
extensions:
    - name: file_storage
      stability:
        extension: Beta
`;

describe('parts of a Collector', () => {
  it('has all that is needed', () => {
    expect(missingParts(ANSWER)).toEqual([]);
  });

  it('names what it is built without', () => {
    // An exporter of that name is no receiver.
    const other = ANSWER.replace('- name: kafka', '- name: otlp').replace('- name: nop', '- name: kafka');
    expect(missingParts(other)).toEqual(['receivers: kafka', 'exporters: nop']);
    expect(missingParts('receivers: []\nexporters: []\nextensions: []')).toEqual(['receivers: kafka', 'exporters: clickhouse', 'exporters: nop', 'extensions: file_storage']); // prettier-ignore
  });

  it.each(['', 'usage: ls', 'receivers: kafka', 'a: [', 'receivers:\n    - kafka'])('%j is said by no Collector', (answer) => {
    expect(missingParts(answer)).toBeNull();
  });
});
