import { Emitter } from './event-emitter';
import type { Ledger } from './ledger';

/** Workspace trust. It is granted by `FakeVscode.grantTrust` and never taken back in the same window. */
export class Trust {
  readonly granted: Emitter<void>;

  constructor(
    ledger: Ledger,
    public isTrusted: boolean,
  ) {
    this.granted = new Emitter(ledger, 'workspace.onDidGrantWorkspaceTrust');
  }
}
