import { isPort, SETTINGS_SECTION, texts } from '../settings';
import type { VscodeApi } from '../vscode-api';

export interface TapSettings {
  /** Empty when not set. */
  readonly target: string;
  readonly port: number;
  readonly forwardCredentials: boolean;
  readonly allowedTargets: readonly string[];
  readonly allowedOrigins: readonly string[];
  /** Checked where the tap reads it, which says what is wrong. */
  readonly fields: unknown;
  /** In milliseconds; undefined for without end. */
  readonly holdTimeout: number | undefined;
}

const DEFAULT_PORT = 8788;

/** Reads the tap's settings. A value of the wrong type counts as not set: settings files are edited by hand. */
export function readTapSettings(api: VscodeApi): TapSettings {
  const config = api.workspace.getConfiguration(SETTINGS_SECTION);
  const target = config.get<unknown>('tap.target');
  const port = config.get<unknown>('tap.port');
  const seconds = config.get<unknown>('tap.holdTimeout');
  const fields = config.get<unknown>('tap.fields');
  return {
    target: typeof target === 'string' ? target.trim() : '',
    port: isPort(port) ? port : DEFAULT_PORT,
    forwardCredentials: config.get<unknown>('tap.forwardCredentials') === true,
    allowedTargets: texts(config.get<unknown>('tap.allowedTargets')),
    allowedOrigins: texts(config.get<unknown>('router.allowedOrigins')),
    fields: typeof fields === 'object' && fields !== null && Object.keys(fields).length === 0 ? undefined : fields,
    holdTimeout: typeof seconds === 'number' && seconds > 0 ? seconds * 1_000 : undefined,
  };
}
