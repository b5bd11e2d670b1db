import { countEvents } from './conversations/count-events';
import { getNow } from './conversations/now';
import { listSessions, listTurns } from './conversations/lists';
import { getSession } from './conversations/session';
import { getTurn } from './conversations/turn';
import { listBudgetAlerts } from './costs/budgets/list-budget-alerts';
import { listBudgets } from './costs/budgets/list-budgets';
import { explainSpend } from './costs/explain/explain-spend';
import { reconcileBill } from './costs/reconcile/reconcile-bill';
import { listPriceGaps } from './costs/price-gaps';
import { comparePrices, getPrice, listFileModels } from './costs/prices';
import { reprice } from './costs/reprice';
import { getSpend } from './costs/spend';
import { getWaste } from './costs/waste/get-waste';
import { topSpend } from './costs/top/top-spend';
import { whatIf } from './costs/what-if/what-if';
import { type Definition } from './define/definition';
import { addMaintenance, endMaintenance, endSensitivity, labelAnomaly, setSensitivity } from './detection/commands';
import { listHolidays, listMaintenance, listSensitivity } from './detection/detector-overrides';
import { addHolidays, endHolidays } from './detection/holidays';
import { listReadiness } from './detection/readiness';
import { listAnomalies, listIncidents, listSeries, listWindows, listWindowsOfMetric } from './detection/findings';
import { listFields } from './fields/list-fields';
import { getDeadLetter, listDeadLetters, replayDeadLetters } from './operations/dlq';
import { listPseudonyms, listStoredRows } from './operations/stored-rows';
import { tailEvents } from './operations/tail';
import { listTopics } from './operations/topics';
import { getPrivacyPolicy } from './settings/privacy-policy';
import { deleteSetting, getSetting, listSettingChanges, listSettings, putSetting } from './settings/settings';
import { runSql } from './sql/run-sql';
import { listDirectiveStatus } from './verbosity/directive-status';
import { listDirectives, revokeDirective, setDirective } from './verbosity/directives';

/** Every question that people may ask. Routes, the OpenAPI document, the client and their tests are made of these two lists. */
export const QUERIES: readonly Definition[] = [
  listSessions,
  getSession,
  listTurns,
  getTurn,
  getNow,
  countEvents,
  listSeries,
  listReadiness,
  listWindows,
  listWindowsOfMetric,
  listAnomalies,
  listIncidents,
  getSpend,
  topSpend,
  listBudgets,
  listBudgetAlerts,
  getWaste,
  explainSpend,
  whatIf,
  getPrice,
  listFileModels,
  listPriceGaps,
  listDirectives,
  listDirectiveStatus,
  listMaintenance,
  listSensitivity,
  listHolidays,
  listSettings,
  listSettingChanges,
  getSetting,
  getPrivacyPolicy,
  listTopics,
  listDeadLetters,
  getDeadLetter,
  listStoredRows,
  listPseudonyms,
  listFields,
  runSql,
  tailEvents,
];

/** Everything that people may have done. */
export const COMMANDS: readonly Definition[] = [
  setDirective,
  revokeDirective,
  labelAnomaly,
  addMaintenance,
  endMaintenance,
  setSensitivity,
  endSensitivity,
  addHolidays,
  endHolidays,
  putSetting,
  deleteSetting,
  replayDeadLetters,
  reprice,
  reconcileBill,
  comparePrices,
];
