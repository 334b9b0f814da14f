import { randomBytes } from 'node:crypto';
import type * as vscode from 'vscode';
import type { VscodeApi } from '../vscode-api';

const NONCE_BYTES = 16;

/**
 * The panel's page: nothing but one script and one style sheet, both ours (SECURITY 13). Everything it shows is built
 * by the script from text nodes. The editor's translations, when it is not in English, stand in an attribute of its root.
 */
export function trafficHtml(api: VscodeApi, webview: vscode.Webview, extensionUri: vscode.Uri): string {
  const nonce = randomBytes(NONCE_BYTES).toString('base64');
  const script = webview.asWebviewUri(api.Uri.joinPath(extensionUri, 'dist', 'traffic.js')).toString();
  const style = webview.asWebviewUri(api.Uri.joinPath(extensionUri, 'dist', 'traffic.css')).toString();
  const policy = [
    "default-src 'none'",
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
    `script-src 'nonce-${nonce}'`,
  ].join('; ');
  const { bundle } = api.l10n;
  const words = bundle === undefined ? '' : ` data-l10n="${attribute(JSON.stringify(bundle))}"`;
  return `<!DOCTYPE html>
<html lang="${bundle === undefined ? 'en' : attribute(api.env.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${attribute(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${attribute(style)}">
<title>${attribute(api.l10n.t('Traffic'))}</title>
</head>
<body>
<main id="traffic"${words}></main>
<script nonce="${nonce}" src="${attribute(script)}"></script>
</body>
</html>`;
}

function attribute(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
