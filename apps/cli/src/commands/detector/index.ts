import { type Register, withExample } from '../command';
import { registerBacktest } from './backtest';
import { registerStatus } from './status';
import { registerHolidays } from './holidays';
import { registerAnomalies, registerMaintenance, registerSensitivity } from './overrides';

export const registerDetector: Register = (program, io) => {
  const detector = program
    .command('detector')
    .description(
      'anomalies, and what the detector reports: anomalies, label, labels, sensitivity, maintenance, holidays, backtest, status',
    );
  withExample(
    detector,
    'telltale detector anomalies --open',
    'telltale detector label ID --as expected --for 7d',
    'telltale detector sensitivity set --false-positives-per-day 2',
    'telltale detector maintenance add --service bot --for 2h --reason "database move"',
    'telltale detector holidays add 2026-12-25 2026-12-26 --name Christmas',
    'telltale detector backtest operation.duration --since 7d',
    'telltale detector backtest --service bot --budgets 0.5,5,50',
    'telltale detector status --service bot',
  );
  registerAnomalies(detector, io);
  registerSensitivity(detector, io);
  registerMaintenance(detector, io);
  registerHolidays(detector, io);
  registerBacktest(detector, io);
  registerStatus(detector, io);
};
