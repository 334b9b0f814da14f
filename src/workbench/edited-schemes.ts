/** Of documents that are worked on; not the sides of a diff, old versions (`git`), the output panel, or documents of ours. */
export const EDITED_SCHEMES: readonly string[] = ['file', 'untitled', 'vscode-remote', 'vscode-vfs'];
