import type { Command } from './command';
import { compare } from './compare';
import { har } from './har';
import { record } from './record';
import { replay } from './replay';
import { scenario } from './scenario';
import { serve } from './serve';
import { tap } from './tap';

/** The commands by their order in the help; the first runs when none is named. */
export const COMMANDS: readonly Command[] = [serve, tap, scenario, record, replay, compare, har];
