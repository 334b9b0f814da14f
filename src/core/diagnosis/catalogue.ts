import type { ActionCode, Severity } from './diagnosis';

/** What is known about a fault before any log is read (DOMAIN 5, FIELD_GUIDE 6). */
export interface Fault {
  readonly catalogue: string;
  readonly severity: Severity;
  readonly title: string;
  readonly cause: string;
  readonly actions: readonly (readonly [text: string, code?: ActionCode])[];
}

function fault(catalogue: string, severity: Severity, title: string, cause: string, ...actions: Fault['actions'][number][]): Fault {
  return { catalogue, severity, title, cause, actions };
}

/** Every fault, the more explanatory first: that order decides between diagnoses of one severity. */
export const FAULTS = {
  'composite-as-thread': fault('F1', 'error', 'Run ID used as thread key', 'The bridge passed a composite run ID on as a thread ID: pattern 1 lacked its test for "_run_" (before 2025-09-03), or the parser returned what it did not know (from 2025-09-07).', ['Send to the thread of the run ID instead.', 'use-thread-id'], ['Wrap the run ID in the extraction before it reaches the connection manager.', 'extract-thread-id'], ['Reproduce it in the local router.', 'replay-scenario']),
  'poisoned-registry': fault('F6', 'error', 'Wrong mapping in the registry', 'A wrong extraction was written back; the registry answers first, so it stays wrong for 24 hours even after the code is fixed.', ['Remove the mapping, or restart the backend.', 'remove-mapping'], ['Register the run to its real thread.', 'register-mapping']),
  'none-thread': fault('F15', 'error', 'No thread at all', 'None equals None: a message for no thread goes to every connection that has none, or to nobody.', ['Find the caller that passes no thread ID.']),
  'doubled-prefix': fault('F9', 'error', 'Doubled thread_ prefix', 'The prefix was added to an ID that already had it.', ['Strip one prefix.', 'strip-prefix']),
  'prefix-mismatch': fault('F10', 'error', 'Thread ID with and without its prefix', 'One side says "thread_x", the other "x": the same conversation under two keys.', ['Use one spelling on both sides.', 'use-thread-id']),
  'validator-mismatch': fault('F8', 'error', 'Thread ID refused by the validator', 'The generators allow characters that the validator of the bridge refuses: only letters, digits and single underscores pass.', ['Register the run explicitly; a registry answer is not validated.', 'register-mapping'], ['Use a thread ID without hyphens, doubled or trailing underscores.']),
  'word-blacklist': fault('', 'error', 'Thread ID refused for a word in it', 'The bridge takes words such as "test", "default" or "temp" within an ID for a placeholder.', ['Register the run explicitly; a registry answer is not checked for words.', 'register-mapping']),
  'timestamp-as-thread': fault('F27', 'error', 'Timestamp taken for a thread', '"run_{milliseconds}_{hex}" reads like "run_{thread}_{hex}", so the time became the thread.', ['Register the run to its thread.', 'register-mapping'], ['Generate run IDs that carry their thread.']),
  'false-extraction': fault('F27', 'error', 'Wrong thread guessed from the run ID', 'Patterns 2 to 4 cut a thread out of any text with "thread_" in it, five parts at most.', ['Register the run to its thread.', 'register-mapping']),
  'fallback-to-run-id': fault('', 'error', 'Run ID returned as thread', 'The last resort of the resolver returned the run ID itself, with or without a prefix.', ['Register the run to its thread.', 'register-mapping']),
  'switch-thread-ignored': fault('F13', 'error', 'switch_thread changes nothing', 'The server does not know the message type and only acknowledges it.', ['Send start_agent with the new thread, or make the router handle switch_thread.']),
  'reconnect-lost-association': fault('F3', 'error', 'Association lost on reconnect', 'The thread belongs to the connection record; a new connection starts without one.', ['Associate the new connection with the thread.', 'associate-connection']),
  'late-association': fault('F5', 'warning', 'Connection associated after the event', 'Agent start and association race; what was sent before the association is lost.', ['Associate the connection before the agent starts, or keep events until it is.', 'associate-connection']),
  'never-associated': fault('F2', 'error', 'Connection without a thread', 'Every connection starts without a thread, and the association is missing or failed.', ['Associate the connection with the thread.', 'associate-connection'], ['Reproduce it in the local router.', 'replay-scenario']),
  'thread-stealing': fault('F12', 'warning', 'All tabs follow the last thread', 'The association goes by user: it moves every connection of the user to the newest thread.', ['Associate by connection, not by user.', 'associate-connection']),
  'thread-created-other-id': fault('F19', 'error', 'Announced thread is not the one used', 'thread_created is made from the user ID, while the thread in the database has an ID of its own.', ['Subscribe to the thread that events are sent to.', 'use-thread-id']),
  'client-without-thread': fault('F32', 'error', 'Client sends no thread ID', 'The page did not read its thread from the route before it sent.', ['Send thread_id with the message.']),
  'dead-socket': fault('', 'error', 'Connection closed or unhealthy at send', 'The thread has a connection, but it can no longer be written to.', ['Let the client reconnect and associate again.', 'associate-connection'], ['Keep events until the client is back.']),
  'connection-expired': fault('F16', 'error', 'Connection forgotten after 180 seconds', 'The connection table forgets every entry 180 s after it was made, although the socket stays open.', ['Refresh the entry while the socket lives.'], ['Reproduce it in the local router.', 'replay-scenario']),
  'client-disconnected': fault('', 'error', 'Client had disconnected', 'The connection was closed before the event was sent.', ['Keep events until the client is back.']),
  'nobody-connected': fault('', 'error', 'Nobody connected', 'No client is connected to this process: none came, or it is connected to another replica or to one before the restart.', ['Connect a client and associate it with the thread.', 'associate-connection']),
  'wrong-thread': fault('', 'error', 'Connections listen on other threads', 'The client subscribed to another thread than the one events are sent to.', ['Compare the two IDs, and use one of them on both sides.', 'use-thread-id']),
  'late-event': fault('F35', 'warning', 'Event after the run was unregistered', 'A background task reports after the cleanup removed the mapping.', ['Unregister the run after its last event.']),
  'registry-expired': fault('', 'error', 'Mapping past its time to live', 'A mapping lives 24 hours from its registration; access does not extend it.', ['Register the run again.', 'register-mapping']),
  'source-failed': fault('', 'warning', 'Registry or orchestrator failed', 'A source threw an error, or answered with something that is no thread ID; the bridge goes on with the next one.', ['Look at the error of that source; until it is fixed, threads are guessed.']),
  'sub-agent-lost': fault('F30', 'error', "Sub-agent's run is not registered", 'A sub-agent reports under a run ID of its own that nobody registered to the thread of its parent.', ["Register the sub-agent's run to its parent's thread.", 'register-mapping']),
  'unresolvable-run': fault('F7', 'error', 'Run ID that no source knows', 'The ID does not carry its thread, and the registry does not know it: it was never registered, or by another replica, or before a restart.', ['Register the run to its thread when it is created.', 'register-mapping']),
  'no-manager': fault('F49', 'error', 'No connection manager or bridge', 'The agent reports before, or without, a connection manager.', ['Set the connection manager before agents start.']),
  'bad-context': fault('F15', 'error', 'Event without a usable run ID', 'The caller passed None, a blank or a system word such as "registry" as run ID.', ['Pass the run ID of the execution to the agent.']),
  'run-as-user': fault('F31', 'error', 'IDs in the wrong parameters', 'A run or thread ID was passed where a user ID belongs, or the other way round.', ['Compare the names of arguments and parameters at the call.']),
  'phantom-success': fault('F24', 'error', 'Success reported, nothing sent', 'The later manager looks for a user under the name of the thread, finds none, and returns true all the same.', ['Do not take EMISSION SUCCESS for a delivery; count the connections.']),
  serialization: fault('F47', 'error', 'Payload that is not JSON', 'A field of the payload cannot be serialised; the error path then closes the socket with 1011.', ['Convert the object to plain data before it is sent.']),
  'users-share-thread': fault('F14', 'error', 'Several users on one thread', 'No ownership check: whoever names a thread receives its events.', ['Check that the user owns the thread before the association.']),
  'id-mismatch': fault('F11', 'warning', 'Run and thread ID do not belong together', 'The two were minted by different calls, so that counter, time or operation differ.', ['Mint the thread ID once and derive the run ID from it.'], ['Register the run to its thread.', 'register-mapping']),
  'association-failed': fault('', 'warning', 'Association failed', 'The connection or its user was not in the table when the thread was set.', ['Associate after the client is connected.', 'associate-connection']),
  'disconnect-closes-all-tabs': fault('F17', 'warning', 'Closing one tab closed the others', 'Disconnecting goes by user and closes every connection of that user.', ['Disconnect by connection.']),
  'user-fallback-never-fires': fault('F18', 'warning', 'Fallback to the user never works', 'The envelope of an agent event names no user, so the fallback has nobody to send to.', ['Put user_id into the envelope.']),
  'null-data': fault('', 'error', 'Message with null data', 'The fallback reads "data" of the message, which is null.', ['Leave "data" out, or send an object.']),
  'type-rewritten': fault('F21', 'warning', 'Event type rewritten to user_message', 'The server passes a fixed list of types; all others reach the client as user_message.', ['Listen for user_message with the status of the payload, or add the type to the list.']),
  'testing-masks-loss': fault('F25', 'warning', 'TESTING=1 hides a loss', 'With TESTING=1 the manager accepts messages that nobody receives.', ['Test with a connected client and without TESTING=1.']),
  'missing-critical-events': fault('F23', 'warning', 'Events missing or out of order', 'An exception path, a parallel emitter or a silent failure left an event out.', ['Look at the lines around the last event of the run.']),
  'duplicate-events': fault('F22', 'information', 'Event sent twice', 'Two emitters, two handlers or a replay after a reconnect sent the same event.', ['Look for a second bridge or handler.']),
  'payload-variant': fault('F20', 'warning', 'Field in another place than expected', 'Envelopes keep their fields in payload, in data or at the root, and messages in content or text.', ['Look for the field in payload, then data, then root.']),
  'placeholder-id': fault('F33', 'warning', 'Placeholder used as ID', 'A default context was passed on instead of the one of the request.', ['Pass the IDs of the request.']),
  'strict-validation': fault('F34', 'warning', 'Strict check refuses an ID in use', 'A new validator does not know the formats that are already in use.', ['Widen the check, or mint IDs in the format it expects.']),
  'guess-not-fact': fault('F26', 'information', 'Thread guessed, not registered', 'The caller did not register the run, so its thread was guessed from the text of the ID.', ['Register the run when it is created.', 'register-mapping']),
  'dialects-disagree': fault('', 'information', 'Versions disagree about this ID', 'The system read such IDs differently from version to version.', ['Check which version the log comes from.']),

  'cross-user-leak': fault('F37', 'error', "One user's events reached another", 'Bridge, manager or registry are shared by all users.', ['Keep one context a user.']),
  'internal-error-close': fault('F36', 'error', 'Socket closed with 1011', 'An exception in accepting, authenticating or starting closed the socket.', ['Look at the error just before the close.']),
  'origin-rejected': fault('F38', 'error', 'Origin refused', "The page's origin is not on the list of this environment.", ['Add the origin to the list.']),
  'wrong-path': fault('F39', 'error', 'Wrong address', 'The client uses a path or port that this version does not serve.', ['Compare the path: /ws, /websocket, /api/v1/websocket.']),
  'subprotocol-mismatch': fault('F40', 'error', 'Subprotocol not agreed on', 'The server does not echo the subprotocol the browser offered, so the browser closes.', ['Offer and echo "jwt-auth".']),
  'jwt-rejected': fault('F41', 'error', 'Token refused', 'Two services use different secrets or issuers, or the token is missing.', ['Compare secret and issuer of both services.']),
  'startup-race': fault('F42', 'error', 'Connected before the server was ready', 'The socket was accepted before the application had its services.', ['Accept sockets after start-up.']),
  'manager-fragmentation': fault('F43', 'error', 'Several connection managers', 'Each manager knows only its own connections.', ['Use the one factory function.']),
  'handshake-refused': fault('F44', 'error', 'Handshake refused with 403', 'Credentials did not reach the server, or a proxy removed them.', ['Look at the headers that reach the server.']),
  'coroutine-misuse': fault('F45', 'error', 'Coroutine used as a value', 'A function is awaited that is not async, or not awaited although it is.', ['Match await and async at the named call.']),
  'proxy-strips-headers': fault('F46', 'error', 'Proxy removes headers', 'The load balancer removes what the upgrade needs.', ['Let Upgrade, Connection, Authorization and Sec-WebSocket-Protocol pass.']),
  'manager-limit': fault('F48', 'error', 'Too many managers for a user', 'Managers are made for each request and never cleaned up.', ['Release the manager when the request ends.']),
  'heartbeat-lost': fault('F50', 'warning', 'Heartbeat not answered', 'The client answers no ping; the loop ends and the socket is left half-open.', ['Answer ping with pong.']),
  'accept-race': fault('F51', 'error', 'Socket used before accept or after close', 'The handler and the accept, or the close, overlap.', ['Send only between accept and close.']),
  'redis-not-ready': fault('F52', 'warning', 'Redis not ready', 'Start-up waits for Redis.', ['Wait for Redis before accepting sockets.']),
  'missing-method': fault('F53', 'error', 'Method that the object does not have', 'Interface and implementation have drifted apart.', ['Define the method, or call the one that exists.']),
  'handler-precedence': fault('F54', 'error', 'Message acknowledged, no agent started', 'The first handler that fits wins, and for user_message it only acknowledges.', ['Send start_agent, or put the agent handler first.']),
  'handler-accumulation': fault('F55', 'warning', 'Handlers pile up', 'One handler a connection is registered and none removed.', ['Remove the handler when its connection closes.']),
  'fallback-agent': fault('F56', 'warning', 'A stand-in answers', 'Supervisor or thread service are missing in development; the answer is a mock and routing is not exercised.', ['Start the services, or ignore routing in this log.']),
  'oversize-message': fault('F57', 'warning', 'Message dropped for its size', 'Messages above 8192 bytes are dropped without an answer.', ['Send less at once.']),
  'reconnect-storm': fault('F58', 'warning', 'Client reconnects without pause', 'The client retries at once after each refusal.', ['Wait longer after each failure, and stop on 1008.']),
  'session-failed': fault('F60', 'error', 'Thread not found in the database', 'The thread of the context was never stored.', ['Store the thread before using its context.']),
  'swapped-arguments': fault('F61', 'warning', 'Text and user ID swapped', 'Positional arguments in the wrong order.', ['Pass arguments by name.']),
  'send-after-close': fault('F62', 'information', 'Send after close', 'The error path sends on a socket that it has just closed.', ['Check the state before sending.']),

  'startup-self-test': fault('F29', 'information', 'Start-up self test', 'The health check sends to a thread that never exists; its critical lines mean nothing.', ['Ignore lines that name startup_test_.']),
  'suspicious-run-id-noise': fault('F28', 'information', 'Constant warning', 'The word list of the check contains the empty string, which is part of every run ID.', ['Ignore it, or take the empty string out of the list.']),
} satisfies Readonly<Record<string, Fault>>;

export type FaultId = keyof typeof FAULTS;

/** Position in the catalogue: the smaller explains more. */
export const FAULT_ORDER: ReadonlyMap<string, number> = new Map(Object.keys(FAULTS).map((id, index) => [id, index]));

export const NOISE: ReadonlySet<FaultId> = new Set<FaultId>(['startup-self-test', 'suspicious-run-id-noise']);
