import type { L10nApi } from '../vscode-api';
import { type BinaryKind, SourceError, type SourceFault } from './search/byte-source';
import { toSourceError } from './search/file-source';
import type { TraceNote } from './trace-entry';

/** The note on a source that could not be read, or not to its end. */
export function noteOf(api: L10nApi, label: string, error: unknown): TraceNote {
  const { fault } = error instanceof SourceError ? error : toSourceError(error);
  return { source: label, reason: fault.reason, message: describeFault(api, fault) };
}

/** What was expected of a log and what was received, as people are told it. */
export function describeFault(api: L10nApi, fault: SourceFault): string {
  const { l10n } = api;
  switch (fault.reason) {
    case 'vanished':
      return l10n.t('expected a file, received nothing: it does not exist any more');
    case 'unreadable':
      return l10n.t('expected a readable file, received {0}', whyUnreadable(api, fault.code, fault.detail));
    case 'not-a-file':
      return fault.isFolder ? l10n.t('expected a file, received a folder') : l10n.t('expected a file, received a device or pipe');
    case 'shrunk':
      return l10n.t('expected {0} bytes, received {1}: the file became shorter while it was read', fault.expected, fault.received);
    case 'broken-gzip':
      return l10n.t('expected gzip data to its end, received "{0}" after {1} decompressed bytes', fault.detail, fault.bytes);
    case 'binary': {
      const received = kindOf(api, fault.kind);
      return fault.isCompressed
        ? l10n.t('expected a text log in the gzip file, received {0} (a zero byte at {1})', received, fault.zeroAt)
        : l10n.t('expected a text log, received {0} (a zero byte at {1})', received, fault.zeroAt);
    }
    case 'too-large':
      return l10n.t('expected at most {0} bytes on the file system "{1}", which gives files only as a whole, received {2}', fault.most, fault.scheme, fault.size);
  }
}

/** @param code of the system call, e.g. `EACCES`; empty where there is none */
function whyUnreadable({ l10n }: L10nApi, code: string, detail: string): string {
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return l10n.t('permission denied ({0})', code);
    case 'EIO':
      return l10n.t('an error of the disk ({0})', code);
    case 'ELOOP':
      return l10n.t('a link that leads to itself ({0})', code);
    case 'EMFILE':
      return l10n.t('too many open files ({0})', code);
    case '':
      return detail;
    default:
      return `${detail} (${code})`;
  }
}

function kindOf({ l10n }: L10nApi, kind: BinaryKind): string {
  switch (kind) {
    case 'zip':
      return l10n.t('a zip archive');
    case 'zstd':
      return l10n.t('Zstandard data');
    case 'xz':
      return l10n.t('xz data');
    case 'bzip2':
      return l10n.t('bzip2 data');
    case 'sqlite':
      return l10n.t('an SQLite database');
    case 'unknown':
      return l10n.t('binary data');
  }
}
