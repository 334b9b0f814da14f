import type { InspectionMethod } from '../../protocol/inspection';
import { isRecord } from '../../core/is-record';
import { camelCase } from './camel-case';
import { type DebugApi, DebugApiError } from './debug-api';
import { entitiesOf } from './polled-entities';

type Parameters = Readonly<Record<string, unknown>>;

/** Answers questions of the inspection protocol from a backend's debug endpoints. @throws {DebugApiError} */
export async function answerFromDebugApi(api: DebugApi, method: InspectionMethod, params: Parameters): Promise<unknown> {
  const text = (name: string): string => encodeURIComponent(String(params[name]));
  switch (method) {
    case 'resolve':
      return camelCase(await api.get('/debug/resolve', { run_id: String(params['runId']), dialect: optional(params['dialect']) }));
    case 'connection':
      return camelCase(await api.get(`/debug/connections/${text('connectionId')}`));
    case 'frames':
      return frames(api, params);
    case 'frameBody': {
      const { body } = await api.get(`/debug/messages/${text('seq')}`);
      return isRecord(body) ? body : { missing: true };
    }
    case 'simulate':
      return api.send('POST', '/agent/events', params['event']);
    case 'redeliver':
      return api.send('POST', `/debug/deliveries/${text('seq')}/redeliver`, {});
    case 'registerRun':
      await api.send('PUT', `/registry/runs/${text('runId')}`, { thread_id: params['threadId'], ...(params['metadata'] === undefined ? {} : { metadata: params['metadata'] }) });
      return { registered: true };
    case 'unregisterRun':
      return { removed: await wasThere(api.send('DELETE', `/registry/runs/${text('runId')}`)) };
    default:
      throw new DebugApiError('absent', `${method}: a backend that is attached over its debug endpoints has none for this`);
  }
}

async function frames(api: DebugApi, params: Parameters): Promise<unknown> {
  const { after, limit = 200 } = params;
  const answer = await api.get('/debug/messages', {
    after: typeof after === 'number' ? after : 0,
    limit: Math.min(Number(limit), 1_000),
    thread_id: optional(params['threadId']),
    connection_id: optional(params['connectionId']),
    type: optional(params['type']),
    outcome: optional(params['outcome']),
    direction: optional(params['direction']),
    text: optional(params['text']),
    pattern: optional(params['pattern']),
  });
  return { frames: entitiesOf(answer, 'messages'), oldest: Number(answer['oldest'] ?? 1), newest: Number(answer['newest'] ?? 0) };
}

function optional(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

async function wasThere(answer: Promise<unknown>): Promise<boolean> {
  try {
    await answer;
    return true;
  } catch (error) {
    if (error instanceof DebugApiError && error.reason === 'absent') return false;
    throw error;
  }
}
