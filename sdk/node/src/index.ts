import { type Client, createClient } from './client';
import { type Options } from './config';
import { atExit } from './exit';
import { type Logger } from './log';
import { type Operations } from './operations';
import { wrapAnthropicWith, wrapOpenAIWith } from './wraps/wrap-clients';
import { wrapModelWith } from './wraps/wrap-model';

export { createClient, type Client, type Stats } from './client';
export { type Options, type Settings } from './config';
export { type CallFields, type EventKind, type NativeEvent, type Usage } from './event';
export { type Logger, type LogFields, type LogMethod } from './log';
export { type LossCounts, type LossReason } from './losses';
export { type Attributes, type OperationHandle, type OperationOptions, type RunningOperation } from './operation';
export {
  type Decision, type Feedback, type KindOptions, type LlmOptions, type Operations, type ToolOptions, type TurnOptions, type Who,
} from './operations'; // prettier-ignore
export { extract, inject, type RemoteContext, withContext } from './propagation';
export { type Content, type Severity } from './severity';
export { VERSION } from './version';

let client: Client | null = null;
let detach: () => void = () => undefined;

/** Starts the SDK, from options and the environment. Called again, it answers the client that there is. */
export function init(options: Options = {}): Client {
  if (client === null) {
    client = createClient(options);
    if (!client.settings.disabled) detach = atExit(client);
  }
  return client;
}

/** Ends it: what is queued is sent, as far as the time allows. Then init() starts it again. */
export async function shutdown(timeoutMs?: number): Promise<boolean> {
  const ending = client;
  client = null;
  detach();
  return ending === null ? true : ending.shutdown(timeoutMs);
}

/** Sends what is queued; false when that took longer than the time given. */
export const flush = async (timeoutMs?: number): Promise<boolean> => (client === null ? true : client.flush(timeoutMs));

export const session: Operations['session'] = (who, fn) => init().session(who, fn);
export const turn: Operations['turn'] = (options, fn) => init().turn(options, fn);
export const llmCall: Operations['llmCall'] = (options, fn) => init().llmCall(options, fn);
export const toolCall: Operations['toolCall'] = (options, fn) => init().toolCall(options, fn);
export const operation: Operations['operation'] = (options, fn) => init().operation(options, fn);
export const begin: Operations['begin'] = (options) => init().begin(options);
export const decision: Operations['decision'] = (made) => init().decision(made);
export const feedback: Operations['feedback'] = (given) => init().feedback(given);
export const report: Operations['report'] = (category, detail) => init().report(category, detail);
export const mute: Operations['mute'] = (fn) => init().mute(fn);

/** A function that is recorded as a tool whenever it is called; it may be wrapped before init(). */
export const tool: Operations['tool'] = (name, fn) =>
  function (this, ...args) {
    return init().tool(name, fn).apply(this, args);
  };

/** A logger; it may be made before init(). */
export function logger(name: string): Logger {
  let made: { readonly of: Client; readonly logger: Logger } | null = null;
  const current = (): Logger => {
    const of = init();
    if (made?.of !== of) made = { of, logger: of.logger(name) };
    return made.logger;
  };
  return {
    trace: (message, fields) => current().trace(message, fields),
    debug: (message, fields) => current().debug(message, fields),
    info: (message, fields) => current().info(message, fields),
    warn: (message, fields) => current().warn(message, fields),
    error: (message, fields) => current().error(message, fields),
    fatal: (message, fields) => current().fatal(message, fields),
  };
}
export const log: Logger = logger('');

/** Records the calls of an OpenAI client, and answers the same client. `provider` names who is behind another base URL. */
export const wrapOpenAI = <T extends object>(target: T, provider?: string): T => wrapOpenAIWith(init, target, provider);

/** Records the calls of an Anthropic client, and answers the same client. */
export const wrapAnthropic = <T extends object>(target: T, provider?: string): T => wrapAnthropicWith(init, target, provider);

/** A model of the Vercel AI SDK whose calls are recorded. */
export const wrapModel = <T extends object>(model: T): T => wrapModelWith(init, model);
