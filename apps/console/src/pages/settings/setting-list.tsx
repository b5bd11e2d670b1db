import { type Setting } from '@telltale/api-client';
import { type ReactNode } from 'react';
import { Empty, TableFrame, Time } from '../../design/parts';
import { wordsOf } from './changes';
import { DeleteSetting } from './delete-setting';
import { EditSetting } from './edit-setting';
import { MOST, type SettingType, type SettingTypes } from './questions';

interface SettingListProps {
  readonly label: string;
  readonly type: SettingType;
  readonly types: SettingTypes;
  readonly settings: readonly Setting[];
  /** What an empty list teaches. */
  readonly empty: ReactNode;
  /** What is seen of one; all of its fields where it is not said. */
  readonly show?: (setting: Setting) => ReactNode;
  readonly aboutDelete: string;
  readonly isReadOnly?: boolean;
}

/** Settings of one type: what each says, who set it, and how it is changed. */
export function SettingList({ label, type, types, settings, empty, show, aboutDelete, isReadOnly = false }: SettingListProps) {
  if (settings.length === 0) return <Empty title={`No ${label.toLowerCase()}`}>{empty}</Empty>;
  return (
    <>
      <TableFrame label={label}>
        <table className="rows setting-rows">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Says</th>
              <th scope="col">Changed</th>
              {!isReadOnly && (
                <th scope="col">
                  <span className="visually-hidden">What can be done</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {settings.map((setting) => (
              <tr key={setting.name}>
                <th scope="row">{setting.name}</th>
                <td className="says">{show?.(setting) ?? wordsOf(setting.value)}</td>
                <td>
                  <Time at={setting.changed_at} /> <span className="quiet">by {setting.changed_by}</span>
                </td>
                {!isReadOnly && (
                  <td className="do">
                    <EditSetting button="Change" type={type} types={types} setting={setting} />
                    <DeleteSetting type={type} name={setting.name} about={aboutDelete} />
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
      {settings.length >= MOST && <p className="quiet">The first {MOST}; there may be more.</p>}
    </>
  );
}
