import type * as vscode from 'vscode';
import type { Documents } from './documents';
import { enums } from './enums';
import { Emitter } from './event-emitter';
import type { Ledger } from './ledger';
import { Range, Selection } from './range';
import { strict } from './strict';
import type { TextDocument } from './text-document';
import { Uri } from './uri';

interface Edit {
  readonly range: vscode.Range;
  readonly text: string;
}

/** One editor. Selections are kept on the same text through edits. */
class TextEditor {
  options: vscode.TextEditorOptions = { tabSize: 4, insertSpaces: true };
  /** The last range that was revealed. */
  revealed: vscode.Range | undefined;
  private selected: readonly vscode.Selection[] = [new Selection(0, 0, 0, 0)];

  constructor(
    readonly document: TextDocument,
    readonly viewColumn: vscode.ViewColumn,
    private readonly documents: Documents,
    private readonly onSelect: (kind?: vscode.TextEditorSelectionChangeKind) => void,
  ) {}

  get selection(): vscode.Selection {
    return this.selected[0] ?? new Selection(0, 0, 0, 0);
  }

  set selection(selection: vscode.Selection) {
    this.selections = [selection];
  }

  get selections(): readonly vscode.Selection[] {
    return this.selected;
  }

  set selections(selections: readonly vscode.Selection[]) {
    this.selected = selections.map(
      ({ anchor, active }) => new Selection(this.document.validatePosition(anchor), this.document.validatePosition(active)),
    );
    this.onSelect();
  }

  get visibleRanges(): readonly vscode.Range[] {
    return [new Range(0, 0, this.document.lineCount - 1, 0)];
  }

  revealRange(range: vscode.Range): void {
    this.revealed = range;
  }

  async edit(describe: (builder: vscode.TextEditorEdit) => void): Promise<boolean> {
    const edits: Edit[] = [];
    const add = (location: vscode.Position | vscode.Range, text: string): void => {
      edits.push({ range: 'start' in location ? location : new Range(location, location), text });
    };
    describe(
      strict('TextEditorEdit', {
        replace: add,
        insert: add,
        delete: (range: vscode.Range) => add(range, ''),
      }) as unknown as vscode.TextEditorEdit,
    );
    await Promise.resolve();
    const kept = this.selected.map(({ anchor, active }) => [anchor, active].map((end) => this.document.offsetAt(end)));
    const moves = edits.map((edit) => this.moveOf(edit));
    if (!this.documents.edit(this.document, edits)) return false;
    const move = (offset: number): number => moves.reduce((sum, shift) => sum + shift(offset), offset);
    this.selections = kept.map(([anchor = 0, active = 0]) => {
      return new Selection(this.document.positionAt(move(anchor)), this.document.positionAt(move(active)));
    });
    return true;
  }

  /** By how much an edit moves what stands at or behind its end. */
  private moveOf({ range, text }: Edit): (offset: number) => number {
    const [start, end] = [this.document.offsetAt(range.start), this.document.offsetAt(range.end)];
    return (offset) => (offset >= end ? start - end + text.length : offset > start ? start - offset : 0);
  }
}

/** The editors of the window, one for each column. */
export class Editors {
  private readonly byColumn = new Map<vscode.ViewColumn, vscode.TextEditor>();
  private activeEditor: vscode.TextEditor | undefined;

  readonly changedActive: Emitter<vscode.TextEditor | undefined>;
  readonly changedVisible: Emitter<readonly vscode.TextEditor[]>;
  readonly changedSelection: Emitter<vscode.TextEditorSelectionChangeEvent>;

  constructor(
    ledger: Ledger,
    private readonly documents: Documents,
  ) {
    this.changedActive = new Emitter(ledger, 'window.onDidChangeActiveTextEditor');
    this.changedVisible = new Emitter(ledger, 'window.onDidChangeVisibleTextEditors');
    this.changedSelection = new Emitter(ledger, 'window.onDidChangeTextEditorSelection');
  }

  get active(): vscode.TextEditor | undefined {
    return this.activeEditor;
  }

  get visible(): readonly vscode.TextEditor[] {
    return [...this.byColumn.values()];
  }

  /** Selects in the active editor: `select(line, character)` puts the cursor there. */
  select(line: number, character: number, endLine = line, endCharacter = character): void {
    if (!this.activeEditor) throw new Error('fake vscode: no editor is active');
    this.activeEditor.selection = new Selection(line, character, endLine, endCharacter);
  }

  /** Closes all editors; their documents stay open. */
  closeAll(): void {
    this.byColumn.clear();
    this.activate(undefined);
    this.changedVisible.fire(this.visible);
  }

  show = async (
    target: vscode.TextDocument | vscode.Uri,
    columnOrOptions?: vscode.ViewColumn | vscode.TextDocumentShowOptions,
    preserveFocus?: boolean,
  ): Promise<vscode.TextEditor> => {
    const document = target instanceof Uri ? await this.documents.open(target) : (target as TextDocument);
    if (document.isClosed) throw new Error(`cannot show ${document.uri.toString()}: the document has been closed`);
    const options =
      typeof columnOrOptions === 'object'
        ? columnOrOptions
        : { viewColumn: columnOrOptions, preserveFocus, selection: undefined };
    await Promise.resolve();
    const column = this.columnOf(options.viewColumn);
    const shown = this.byColumn.get(column);
    const editor = shown?.document === document ? shown : this.create(document, column);
    if (options.selection) editor.selection = new Selection(options.selection.start, options.selection.end);
    this.byColumn.set(column, editor);
    if (editor !== shown) this.changedVisible.fire(this.visible);
    if (options.preserveFocus !== true || !this.activeEditor) this.activate(editor);
    return editor;
  };

  private create(document: TextDocument, column: vscode.ViewColumn): vscode.TextEditor {
    const editor: vscode.TextEditor = strict(
      'TextEditor',
      new TextEditor(document, column, this.documents, () =>
        this.changedSelection.fire({ textEditor: editor, selections: editor.selections, kind: undefined }),
      ),
    ) as unknown as vscode.TextEditor;
    return editor;
  }

  private columnOf(column: vscode.ViewColumn = enums.ViewColumn.Active): vscode.ViewColumn {
    const active = this.activeEditor?.viewColumn ?? enums.ViewColumn.One;
    if (column === enums.ViewColumn.Active) return active;
    return column === enums.ViewColumn.Beside ? active + 1 : column;
  }

  private activate(editor: vscode.TextEditor | undefined): void {
    if (editor === this.activeEditor) return;
    this.activeEditor = editor;
    this.changedActive.fire(editor);
  }
}
