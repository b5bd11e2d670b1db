import { type DeployRow, settingRecord, TOPICS } from '@telltale/contracts';
import { isoTime } from '@telltale/kernel';
import { type LogRecord, readRecord } from '@telltale/streaming';

/** Deploy marks that people set as settings. What is no setting is left to who reads settings. */
export const deploysOfSettings = (records: readonly LogRecord[]): DeployRow[] =>
  records.flatMap((record) => {
    if (record.topic !== TOPICS.settings.name) return [];
    const read = readRecord(record, settingRecord, 'read_setting');
    if (read.kind !== 'ok' || read.value.type !== 'deploy' || read.value.value === null) return [];
    const { tenant, name, value } = read.value;
    const { service_name, version = '', environment = '', kind = 'version', at, text } = value;
    const said = text ?? `${service_name} ${version || 'was deployed'}`;
    return [{ tenant, id: `setting/${name}`, at: isoTime(Date.parse(at)), service_name, version, environment, source: 'setting', kind, text: said }]; // prettier-ignore
  });
