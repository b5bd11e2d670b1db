import { type Content, type Severity } from '../severity';

export interface Target {
  readonly service_name?: string;
  readonly deployment_environment?: string;
  readonly service_version?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly tool_name?: string;
  readonly model?: string;
  readonly session_id?: string;
  readonly logger?: string;
  readonly user?: { readonly salt: string; readonly sha256: string };
  readonly trace_hash?: { readonly from: number; readonly to: number };
  /** It names a field that this SDK does not know, and so no record has. */
  readonly hasUnknownField: boolean;
}

export interface Change {
  readonly min_severity?: Severity;
  readonly keep?: number;
  readonly content?: Content;
  readonly flush?: boolean;
}

export interface Limits {
  readonly records_per_s?: number;
  readonly bytes_per_min?: number;
}

export interface Directive {
  readonly id: string;
  readonly class: 'boost' | 'restrict';
  readonly priority: number;
  readonly version: number;
  readonly target: Target;
  readonly set: Change;
  readonly limits: Limits;
  /** From when the set was said until it ends, in ms. */
  readonly livesMs: number;
}

export interface DirectiveSet {
  readonly hash: string;
  readonly directives: readonly Directive[];
}
