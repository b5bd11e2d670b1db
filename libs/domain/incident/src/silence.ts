import { type IncidentRecord, type SettingValue } from '@telltale/contracts';

export type Silence = Pick<SettingValue<'silence'>, 'service_name' | 'kind' | 'until'>;

const isAbout = (silence: Silence, { service_name: service, kind }: IncidentRecord): boolean =>
  (silence.service_name ?? service) === service && (silence.kind ?? kind) === kind;

/** First moment at which none of the silences is about the incident any more, ms since the epoch; 0 where none ever was. */
export const silencedUntil = (record: IncidentRecord, silences: readonly Silence[]): number =>
  silences.reduce((last, silence) => (isAbout(silence, record) ? Math.max(last, Date.parse(silence.until)) : last), 0);
