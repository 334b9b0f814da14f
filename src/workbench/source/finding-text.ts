import type { SourceFinding, SourceFix } from '../insight/source/finding';
import type { VscodeApi } from '../vscode-api';

/** What a finding is and why it matters, in two sentences. */
export function describeFinding(api: VscodeApi, { rule, received, context }: SourceFinding): string {
  const { l10n } = api;
  switch (rule) {
    case 'run-as-thread':
      return l10n.t('Expected a thread ID for {0}, received the run ID {1}. Connections are found by thread ID, so nobody would receive the event.', context, received);
    case 'connection-as-thread':
      return l10n.t('Expected a thread ID for {0}, received the connection ID {1}. A connection ID never names its thread.', context, received);
    case 'connection-as-user':
      return l10n.t('Expected a user ID for {0}, received the connection ID {1}. No connection of such a user is found, so the thread is never associated.', context, received);
    case 'run-as-user':
      return l10n.t('Expected a user ID for {0}, received the run ID {1}. No connection of such a user is found.', context, received);
    case 'unreadable-run-id':
      return l10n.t('No parser finds the thread in a run ID of the form {0}. Events of this run can only be routed while a registry holds it.', received);
    case 'hyphen':
      return l10n.t('The thread ID {0} holds a hyphen. Generators accept it, the validator of the bridge refuses it.', received);
    case 'doubled-prefix':
      return l10n.t('The prefix thread_ is doubled in {0}. The thread is then another one than the one that clients join.', received);
    case 'several-generators':
      return l10n.t('This workspace mints run IDs in several formats: here {0}, elsewhere {1}. Readers of one format lose the runs of the other.', received, context);
  }
}

/** The title of a quick fix. */
export function describeFix(api: VscodeApi, { kind, code }: SourceFix): string {
  const { l10n } = api;
  switch (kind) {
    case 'use-variable':
      return l10n.t('Use the thread ID {0}', code);
    case 'extract':
      return l10n.t('Extract the thread: {0}', code);
    case 'without-hyphens':
      return l10n.t('Leave out the hyphens: {0}', code);
    case 'strip-prefix':
      return l10n.t('Remove the second prefix: {0}', code);
    case 'generate':
      return l10n.t('Use the generator: {0}', code);
  }
}
