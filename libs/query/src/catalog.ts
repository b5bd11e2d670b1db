import { listDeliveries } from './alerts/deliveries';
import { testReceiver } from './alerts/test-receiver';
import { countEvents } from './conversations/count-events';
import { listSessions, listTurns } from './conversations/lists';
import { readField } from './conversations/field/read-field';
import { getSessionChat } from './conversations/chat/get-session-chat';
import { getOperation } from './conversations/operation/get-operation';
import { getTurnUsual } from './conversations/operation/get-turn-usual';
import { getUsual } from './conversations/operation/get-usual';
import { listTurnOperations } from './conversations/operation/list-turn-operations';
import { listOperations } from './conversations/operations';
import { getSession } from './conversations/session';
import { getTurnTree } from './conversations/tree/get-turn-tree';
import { getTurn } from './conversations/turn';
import { compare } from './journeys/compare/compare';
import { getFlows } from './journeys/get-flows';
import { listJourneys } from './journeys/list-journeys';
import { listRunningJourneys } from './journeys/running-journeys';
import { exportDashboard, getDashboard, listDashboards, proposeDashboard } from './dashboards/dashboards';
import { readPanel } from './dashboards/read-panel';
import { listBudgetAlerts } from './costs/budgets/list-budget-alerts';
import { listBudgets } from './costs/budgets/list-budgets';
import { explainSpend } from './costs/explain/explain-spend';
import { reconcileBill } from './costs/reconcile/reconcile-bill';
import { listPriceGaps } from './costs/price-gaps';
import { comparePrices, getPrice, listFileModels } from './costs/prices';
import { reprice } from './costs/reprice';
import { getSpend } from './costs/spend';
import { spendOverTime } from './costs/spend-over-time';
import { getWaste } from './costs/waste/get-waste';
import { topSpend } from './costs/top/top-spend';
import { whatIf } from './costs/what-if/what-if';
import { type Definition } from './define/definition';
import { addMaintenance, endMaintenance, endSensitivity, labelAnomaly, setSensitivity } from './detection/commands';
import { backtestDetector } from './detection/backtest/backtest';
import { getExpectedRange } from './detection/backtest/expected-range';
import { listAnomalyLabels, listHolidays, listMaintenance, listSensitivity } from './detection/detector-overrides';
import { addHolidays, endHolidays } from './detection/holidays';
import { listReadiness } from './detection/readiness';
import { listAnomalies, listSeries, listWindows, listWindowsOfMetric } from './detection/findings';
import { getIncident, listDeploys, listIncidents } from './detection/incidents';
import {
  acknowledgeIncident,
  addDeploy,
  assignIncident,
  noteIncident,
  resolveIncident,
  silenceIncident,
} from './detection/triage';
import { exportRows } from './export/export-rows';
import { explore } from './explore/explore';
import { exploreDifferences } from './explore/explore-differences';
import { exploreFacets } from './explore/explore-facets';
import { listExploredRows } from './explore/explore-rows';
import { exploreHeatMap } from './explore/heat-map';
import { explainError } from './explain/explain-error';
import { explainSession } from './explain/explain-session';
import { explainTurn } from './explain/explain-turn';
import { getToolSchema } from './explain/tool-schema';
import { listFields } from './fields/list-fields';
import { listValues } from './fields/list-values';
import { getNow } from './now/get-now';
import { getLiveRate } from './now/live-rate';
import { getDeadLetter, listDeadLetters, replayDeadLetters } from './operations/dlq';
import { listPseudonyms, listStoredRows } from './operations/stored-rows';
import { tailEvents } from './operations/tail';
import { tailAlerts, tailIncidents } from './operations/tail-findings';
import { listTopics } from './operations/topics';
import { listViews } from './settings/list-views';
import { getPrivacyPolicy, tryPrivacy } from './settings/privacy-policy';
import { listSettingTypes } from './settings/setting-types';
import { deleteSetting, getSetting, listSettingChanges, listSettings, putSetting } from './settings/settings';
import { shareView } from './settings/share-view';
import { runSql } from './sql/run-sql';
import { why, whyIncident } from './why/why';
import { getDirectiveEffect } from './verbosity/directive-effect';
import { previewDirective } from './verbosity/preview-directive';
import { listDirectiveStatus } from './verbosity/directive-status';
import { listDirectives, revokeDirective, setDirective } from './verbosity/directives';

/** Every question that people may ask. Routes, the OpenAPI document, the client and their tests are made of these two lists. */
export const QUERIES: readonly Definition[] = [
  listSessions,
  getSession,
  listTurns,
  getTurn,
  getNow,
  getLiveRate,
  getTurnTree,
  listTurnOperations,
  getTurnUsual,
  listOperations,
  getOperation,
  getUsual,
  readField,
  getSessionChat,
  explainTurn,
  explainSession,
  explainError,
  getToolSchema,
  countEvents,
  listJourneys,
  listRunningJourneys,
  getFlows,
  compare,
  listSeries,
  listReadiness,
  backtestDetector,
  listWindows,
  getExpectedRange,
  listWindowsOfMetric,
  listAnomalies,
  listIncidents,
  getIncident,
  listDeploys,
  listDeliveries,
  why,
  whyIncident,
  getSpend,
  spendOverTime,
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
  getDirectiveEffect,
  previewDirective,
  listMaintenance,
  listSensitivity,
  listHolidays,
  listAnomalyLabels,
  listSettings,
  listSettingChanges,
  listSettingTypes,
  getSetting,
  listViews,
  getPrivacyPolicy,
  listTopics,
  listDeadLetters,
  getDeadLetter,
  listStoredRows,
  listPseudonyms,
  explore,
  exploreHeatMap,
  exploreDifferences,
  exploreFacets,
  listExploredRows,
  listFields,
  listValues,
  listDashboards,
  proposeDashboard,
  getDashboard,
  exportDashboard,
  readPanel,
  runSql,
  exportRows,
  tailEvents,
  tailIncidents,
  tailAlerts,
];

/** Everything that people may have done. */
export const COMMANDS: readonly Definition[] = [
  setDirective,
  revokeDirective,
  labelAnomaly,
  acknowledgeIncident,
  assignIncident,
  silenceIncident,
  resolveIncident,
  noteIncident,
  addDeploy,
  addMaintenance,
  endMaintenance,
  setSensitivity,
  endSensitivity,
  addHolidays,
  endHolidays,
  putSetting,
  deleteSetting,
  tryPrivacy,
  shareView,
  testReceiver,
  replayDeadLetters,
  reprice,
  reconcileBill,
  comparePrices,
];

/** Whole tables, what pseudonyms stand for, and bodies that nobody could read: no page shows them. */
const OF_NO_PAGE: readonly Definition[] = [exportRows, listStoredRows, listPseudonyms, listDeadLetters, getDeadLetter];

/** What the pages of the console show, to whoever may read: neither commands nor statements of people, nor anything that is sent in a body. */
export const isOfPages = (definition: Definition): boolean =>
  definition.kind === 'query' && definition.method === 'GET' && definition.scope === 'read' && !OF_NO_PAGE.includes(definition);
