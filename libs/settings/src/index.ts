export { followSettings, type FollowSettingsOptions } from './follow-settings';
export { digestOf } from './key-digest';
export { seedChanges, seedSettings } from './seed-settings';
export { createSettingStore, type SettingListener, type SettingStore } from './setting-store';
export { NAME, NAME_RULE, TENANT_RULE } from './name-rules';
export { readSettingsFile } from './settings-file';
export {
  changedSetting,
  type ChangedBy,
  readSettings,
  type SettingChange,
  spreadSettings,
  writeSettings,
} from './write-settings';
export { createSettings, type Settings } from './settings-desk';
export { addressProblem, readValue, type SettingProblem } from './check-setting';
