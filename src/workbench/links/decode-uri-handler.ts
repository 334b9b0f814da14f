import type * as vscode from 'vscode';
import { clip } from '../../core/clip';
import { showDecoded } from '../ids/decode-id';
import type { IdFormats } from '../formats/id-formats';
import { noticeText } from '../notice-text';
import type { VscodeApi } from '../vscode-api';

/** No ID is longer; what is may be an attack. */
const MAX_ID = 512;
const PATH = '/decode';

/**
 * `vscode://thread-lens.thread-lens/decode?id=…`, for dashboards and tickets. Anybody can make somebody click such a link, so it
 * decodes and does nothing else: no command, no request, no document (VSCODE 2.4).
 */
export class DecodeUriHandler implements vscode.UriHandler {
  constructor(
    private readonly api: VscodeApi,
    private readonly formats: IdFormats,
  ) {}

  handleUri(uri: vscode.Uri): void {
    const id = uri.path === PATH ? idOf(uri.query) : undefined;
    if (id === undefined) {
      const { l10n, window } = this.api;
      const received = shown(`${uri.path}?${uri.query}`);
      void window.showWarningMessage(noticeText(l10n.t('Expected an address like {0}, received "{1}".', 'vscode://thread-lens.thread-lens/decode?id=thread_…', received)));
      return;
    }
    showDecoded(this.api, id, this.formats.table);
  }
}

/** The one `id`, when it is of printable characters without spaces and not too long. */
function idOf(query: string): string | undefined {
  if (query.length > MAX_ID * 3) return undefined;
  const ids = new URLSearchParams(query).getAll('id');
  const [id] = ids;
  return ids.length === 1 && id !== undefined && id.length <= MAX_ID && /^[\x21-\x7e]+$/.test(id) ? id : undefined;
}

function shown(text: string): string {
  const plain = text.replaceAll(/[^\x20-\x7e]/g, '·');
  return clip(plain, 80);
}
