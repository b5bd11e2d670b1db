import { MAX_PRICE_FILES, partName, type SettingType } from '@telltale/contracts';
import { badParameter } from '../define/api-error';
import { type AskContext } from '../define/definition';

interface Address {
  readonly type: SettingType;
  readonly tenant: string;
  readonly name: string;
}

/** A price file is put in force once all of its parts are there, so that a half-written one never is. */
export function checkPriceFile({ type, tenant, name }: Address, value: object, { settings }: AskContext): void {
  if (type !== 'price_file' || !('slot' in value) || !('parts' in value) || !('revision' in value)) return;
  for (let part = 0; part < Number(value.parts); part++) {
    const found = settings.get({ type: 'price_file_part', tenant, name: partName(name, value.slot === 'b' ? 'b' : 'a', part) });
    const isThere = found?.type === 'price_file_part' && found.value?.file === name && found.value.revision === value.revision;
    if (!isThere)
      throw badParameter('value.parts', `is ${String(value.parts)}, but part ${part} of revision ${String(value.revision)} is not there`, 'set every price_file_part first; telltale costs prices import does');
  }
  const others = settings.list({ type, tenant }).filter((one) => one.name !== name);
  if (others.length >= MAX_PRICE_FILES)
    throw badParameter('name', `would be one more than ${MAX_PRICE_FILES} price files`, 'delete one that no call needs any more');
} // prettier-ignore

/** Names of the parts that go with a price file when it is deleted. */
export const partsOf = ({ type, tenant, name }: Address, { settings }: AskContext): string[] =>
  type !== 'price_file'
    ? []
    : settings
        .list({ type: 'price_file_part', tenant })
        .flatMap((one) => (one.type === 'price_file_part' && one.value?.file === name ? [one.name] : []));
