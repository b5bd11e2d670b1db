import { type Command } from 'commander';

/** Which sessions a question about journeys is about. */
export interface ChosenSessions {
  readonly service?: string;
  readonly environment?: string;
  readonly language?: string;
  readonly intent?: string;
  readonly region?: string;
  readonly serviceVersion?: string;
  readonly prompt?: string;
  readonly model?: string;
  readonly flag?: string;
  readonly dimension?: string;
}

export const withChosenSessions = (command: Command): Command =>
  command
    .option('--service <name>', 'only of this service')
    .option('--environment <name>', 'only of this deployment environment')
    .option('--language <code>', 'only with requests in this language')
    .option('--intent <name>', 'only with this intent among theirs')
    .option('--region <name>', 'only of this region')
    .option('--service-version <name>', 'only with this version of the service')
    .option('--prompt <name@version>', 'only with this prompt')
    .option('--model <name>', 'only with this model')
    .option('--flag <name=value>', 'only with this flag in effect')
    .option('--dimension <name=value>', 'only with this value of a dimension');

/** The same as parameters. */
export const chosenOf = <T extends ChosenSessions>({ serviceVersion, ...params }: T) => ({ ...params, version: serviceVersion });
