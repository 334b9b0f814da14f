import type { BreakpointRule } from '../../protocol/breakpoints';

/** The words before a colon that name a field of a rule. */
const FIELDS = { type: 'type', thread: 'threadId', run: 'runId' } as const;

/** Reads what a user types: `type:x thread:y run:z`, and any other text, which has to stand in the body. Empty fits every frame. */
export function readRuleText(direction: BreakpointRule['direction'], text: string): BreakpointRule {
  const rule: { direction: BreakpointRule['direction']; type?: string; threadId?: string; runId?: string; text?: string } = { direction };
  const rest: string[] = [];
  for (const word of text.trim().split(/\s+/)) {
    const [, name, value] = /^(type|thread|run):(.+)$/.exec(word) ?? [];
    if (name !== undefined && value !== undefined) rule[FIELDS[name as keyof typeof FIELDS]] = value;
    else if (word !== '') rest.push(word);
  }
  if (rest.length > 0) rule.text = rest.join(' ');
  return rule;
}

/** The rule as a user would type it. */
export function ruleText({ type, threadId, runId, text }: BreakpointRule): string {
  const words = [type && `type:${type}`, threadId && `thread:${threadId}`, runId && `run:${runId}`, text];
  return words.filter((word) => word !== undefined && word !== '').join(' ');
}
