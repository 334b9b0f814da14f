import { isRecord } from '../core/is-record';

/** Where the host puts the editor's translations: an attribute of the page's root, absent in English. */
const translations = readTranslations();

function readTranslations(): Readonly<Record<string, unknown>> {
  // Tests of single pieces run where there is no page.
  const text = typeof document === 'undefined' ? undefined : document.querySelector<HTMLElement>('#traffic')?.dataset['l10n'];
  const bundle: unknown = text === undefined ? undefined : JSON.parse(text);
  return isRecord(bundle) ? bundle : {};
}

/** The page's `vscode.l10n`: the same keys in the same bundle, which `npm run l10n` collects from the calls. */
export const l10n = {
  /** An English text in the language of the editor, with `{0}`, `{1}` … replaced by the values. */
  t(message: string, ...values: readonly (string | number)[]): string {
    const translated = translations[message];
    return (typeof translated === 'string' ? translated : message).replace(/\{(\d+)\}/g, (hole, index: string) => String(values[Number(index)] ?? hole));
  },
};
