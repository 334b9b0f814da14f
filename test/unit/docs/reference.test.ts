import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { parse } from 'yaml';
import { BEHAVIOURS, FAULT_KINDS } from '../../../src/core';
import { READ_ONLY_METHODS } from '../../../src/protocol/inspection';
import { readInspectionRequest } from '../../../src/router/inspection/inspection-request';
import { DEFAULT_LIMITS } from '../../../src/router/limits';
import { ROOT } from '../../harness/repository';
import { codeIn, page, section, tableRows } from './pages';

const PROTOCOL = page('docs/protocol.md');
const SCENARIOS = page('docs/scenarios.md');

const UNITS: Readonly<Record<string, number>> = { KiB: 1024, MiB: 1024 * 1024, s: 1_000, min: 60_000, h: 3_600_000 };

/** `1 MiB`, `12,000` or `30 s` as a number of bytes, things or milliseconds. */
function amount(text: string): number {
  const [number = '', unit] = text.split(' ');
  return Number(number.replaceAll(',', '')) * (unit === undefined ? 1 : (UNITS[unit] ?? NaN));
}

/** Every method of the inspection protocol, as the router names them to who asks for another. */
function methods(): string[] {
  const answer = readInspectionRequest(JSON.stringify({ type: 'request', id: 1, method: '' }));
  assert.ok('error' in answer);
  return /expected one of ([\w, ]+), received/.exec(answer.error.message)?.[1]?.split(', ') ?? [];
}

/** Names in the first cells of a table. */
const named = (text: string): string[] => tableRows(text).flatMap(([cell = '']) => codeIn(cell));

describe('docs/protocol.md', () => {
  it('has each path of media/openapi.yaml with its methods, and no others', () => {
    const { paths } = parse(page('media/openapi.yaml')) as { paths: Record<string, Record<string, unknown>> };
    const there = Object.entries(paths).flatMap(([path, item]) => ['get', 'put', 'post', 'delete'].filter((method) => method in item).map((method) => `${method.toUpperCase()} ${path}`));
    const told = tableRows(section(PROTOCOL, '## HTTP endpoints')).flatMap(([cell = '']) => {
      const codes = codeIn(cell);
      const verbs = codes.flatMap((code) => code.match(/^[A-Z]+(?= |$)/) ?? []);
      return codes.flatMap((code) => code.match(/\/[\w/{}]+/) ?? []).flatMap((path) => verbs.map((verb) => `${verb} ${path}`));
    });
    assert.deepEqual(told.toSorted(), there.toSorted());
  });

  it('has each method of the inspection protocol, and says which only look', () => {
    const rows = tableRows(section(PROTOCOL, '## The inspection protocol'));
    assert.ok(methods().length > 10);
    assert.deepEqual(rows.flatMap(([cell = '']) => codeIn(cell)).toSorted(), methods().toSorted());
    const looking = rows.filter(([, , read]) => read === 'yes').flatMap(([cell = '']) => codeIn(cell));
    assert.deepEqual(looking.toSorted(), [...READ_ONLY_METHODS].toSorted());
  });

  it('has each bound with its value', () => {
    const told = tableRows(section(PROTOCOL, '## Bounds')).map(([name = '', value = '']) => [codeIn(name)[0], amount(value)]);
    assert.deepEqual(told, Object.entries(DEFAULT_LIMITS));
  });
});

describe('docs/scenarios.md', () => {
  it('has each scenario that comes along, with its title', () => {
    const there = globSync('media/scenarios/*.threadlens.json', { cwd: ROOT }).toSorted().map((file) => {
      const { name } = JSON.parse(page(file)) as { name: string };
      return [basename(file, '.threadlens.json'), name];
    });
    assert.deepEqual(tableRows(section(SCENARIOS, '## Built-in scenarios')).map(([name = '', title]) => [codeIn(name)[0], title]), there);
  });

  it('has each step, behaviour and fault, and each member of an expectation', () => {
    const { definitions } = JSON.parse(page('media/scenario.schema.json')) as { definitions: Record<string, { properties?: Record<string, unknown> }> };
    const steps = Object.keys(definitions).filter((name) => name.startsWith('step-')).map((name) => name.slice('step-'.length));
    assert.deepEqual(named(section(SCENARIOS, '## Steps')).toSorted(), steps.toSorted());
    assert.deepEqual(tableRows(section(SCENARIOS, '### Behaviours of the original')).map(([name = '', summary]) => [codeIn(name)[0], summary]), Object.entries(BEHAVIOURS).map(([name, { summary }]) => [name, summary]));
    assert.deepEqual(named(section(SCENARIOS, '### Faults made on purpose')), [...FAULT_KINDS]);
    const expectations = section(SCENARIOS, '## Expectations');
    assert.deepEqual(Object.keys(definitions['expect']?.properties ?? {}).filter((name) => !expectations.includes(`\`${name}`)), []);
  });
});
