import type * as vscode from 'vscode';
import { type Diagnosis, isReproducible, reproduce, type Scenario, type ScenarioReport } from '../../core/index';
import { messageOf } from '../../core/message-of';
import { readExplainRequest } from '../insight/explain-request';
import { gatherFacts } from '../insight/explain-routing';
import type { HoverScene } from '../insight/hover-on-line';
import { labelText, noticeText } from '../notice-text';
import type { VscodeApi } from '../vscode-api';
import { saveScenario } from './new-scenario';
import type { ScenarioBench } from './scenario-bench';

interface Reproduction {
  readonly diagnosis: Diagnosis;
  readonly scenario: Scenario;
}

/**
 * `threadLens.reproduce`: builds the scenario that shows in a local router what a log line says, with the line's own IDs and times, runs it with
 * the fault and with the fix, shows the report, and offers to keep it as a file. Takes what `threadLens.explainRouting` takes, and `fault` beside
 * a place: the ID of the diagnosis that is meant. Answers the report; undefined when there was nothing to reproduce, which was said.
 */
export async function reproduceLocally(scene: HoverScene, bench: ScenarioBench, argument: unknown): Promise<ScenarioReport | undefined> {
  const { api } = scene;
  const { window, l10n } = api;
  const request = await readExplainRequest(scene, argument);
  if (!request) return undefined;
  const { diagnoses } = await gatherFacts(scene, request);
  const chosen = await choose(api, reproductionsOf(diagnoses, faultOf(argument)));
  if (chosen === 'none') {
    const [first] = diagnoses;
    const told = first === undefined ? l10n.t('Expected a log line that shows a routing fault, received none.') : l10n.t('A local router cannot show this fault: {0}', first.title);
    void window.showInformationMessage(noticeText(told));
    return undefined;
  }
  if (!chosen) return undefined;
  const { scenario } = chosen;
  const text = `${JSON.stringify(scenario, undefined, 2)}\n`;
  try {
    // Built by us out of IDs and times: no file of the workspace is run.
    const report = await bench.runShown({ id: `reproduction:${scenario.name}`, title: scenario.name, text, ours: true });
    if (report) void offerToSave(api, chosen, text, report);
    return report;
  } catch (error) {
    void window.showErrorMessage(noticeText(l10n.t('The scenario could not be run: {0}', messageOf(error))));
    return undefined;
  }
}

function faultOf(argument: unknown): string | undefined {
  const fault = typeof argument === 'object' && argument !== null && 'fault' in argument ? argument.fault : undefined;
  return typeof fault === 'string' ? fault : undefined;
}

function reproductionsOf(diagnoses: readonly Diagnosis[], fault: string | undefined): Reproduction[] {
  const wanted = fault === undefined ? diagnoses : diagnoses.filter(({ id }) => id === fault);
  return wanted.filter(isReproducible).flatMap((diagnosis) => {
    const scenario = reproduce(diagnosis);
    return scenario ? [{ diagnosis, scenario }] : [];
  });
}

/** The only one, or the one the user picks; `none` when there is none, undefined when dismissed. */
async function choose({ window, l10n }: VscodeApi, all: readonly Reproduction[]): Promise<Reproduction | 'none' | undefined> {
  const [first] = all;
  if (!first) return 'none';
  if (all.length === 1) return first;
  const items = all.map((reproduction): vscode.QuickPickItem & { readonly reproduction: Reproduction } => ({
    reproduction, label: labelText(reproduction.diagnosis.title), detail: labelText(reproduction.diagnosis.verdict),
  }));
  return (await window.showQuickPick(items, { title: l10n.t('Reproduce Locally'), placeHolder: l10n.t('Which fault?') }))?.reproduction;
}

async function offerToSave(api: VscodeApi, { diagnosis }: Reproduction, text: string, report: ScenarioReport): Promise<void> {
  const { window, l10n } = api;
  const save = l10n.t('Save Scenario…');
  const told = report.passed
    ? l10n.t('Reproduced at a local router, and fixed: {0}.', diagnosis.title)
    : l10n.t('The local router did not show this fault and its fix as expected: {0}.', diagnosis.title);
  const answer = report.passed ? await window.showInformationMessage(noticeText(told), save) : await window.showWarningMessage(noticeText(told), save);
  if (answer === save) await saveScenario(api, diagnosis.id, text);
}
