export const EXIT_OK = 0;
export const EXIT_FAILED = 1;
export const EXIT_USAGE = 2;

/** A failure people can act on: what happened, and what to do. */
export class CliError extends Error {
  constructor(
    message: string,
    readonly fix: string,
    readonly exitCode: number = EXIT_FAILED,
  ) {
    super(message);
    this.name = new.target.name;
  }
}

/** What was asked for is not there. */
export class NotFoundError extends CliError {}

/** The command line itself is wrong. */
export class UsageError extends CliError {
  constructor(message: string, fix: string) {
    super(message, fix, EXIT_USAGE);
  }
}
