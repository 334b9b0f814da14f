/** Connection IDs (FIELD_GUIDE 1.5). A connection ID never holds the thread; a user ID in it may hold underscores. */
import { type IdFormat, templateFormat } from './id-format';
import { isProgrammingName } from './programming-names';
import { compileTemplate } from './template';

const ANY = 'any';

function connection(template: string, example: string, era: string, confidence: number): IdFormat {
  return templateFormat({
    name: 'connection',
    label: 'Connection ID',
    kind: 'connection',
    era,
    template: compileTemplate(template),
    examples: [example],
    confidence,
  });
}

export const connectionFormats = (): readonly IdFormat[] => [
  connection('conn_{user}_{ms13}_{hex8}', 'conn_u1_1756919162904_3052f606', ANY, 0.95),
  connection('conn_{user}_{s}_{hex8}', 'conn_u1_1756919162_3052f606', ANY, 0.92),
  connection('conn_{user}_{hex8}', 'conn_dev-temp-cc173c1d_3052f606', ANY, 0.9),
  connection('conn_{hex8}', 'conn_3052f606', ANY, 0.85),
  connection('conn_{ms13}_{alnum9}', 'conn_1756919162904_k3j5h2g8d', ANY, 0.9),
  connection('conn_{user}_{ms13}', 'conn_u1_1756919162904', ANY, 0.85),
  templateFormat({
    name: 'connection',
    label: 'Connection ID',
    kind: 'connection',
    era: ANY,
    template: compileTemplate('conn_{user:part}'),
    examples: ['conn_user1'],
    confidence: 0.3,
    confidenceOf: ({ user = '' }) => (isProgrammingName(user) ? 0.1 : 0.3),
  }),
  connection('ws_conn_{user}_{ms13}_{n}_{hex8}', 'ws_conn_10594514_1757372478799_3_a1b2c3d4', 'since 2025-09-07', 0.97),
  ...['staging', 'prod', 'dev'].map((environment) =>
    connection(`ws_${environment}_{ms13}_{hex8}`, `ws_${environment}_1757372478799_a1b2c3d4`, ANY, 0.96),
  ),
  connection('ws_{user}_{s}_{hex8}', 'ws_10594514_1757372478_a1b2c3d4', ANY, 0.9),
  ...['main', 'prelim', 'factory', 'isolated', 'legacy', 'ssot'].map((mode) =>
    connection(`${mode}_{hex8}`, `${mode}_0a1b2c3d`, 'since 2025-09-13', 0.85),
  ),
  connection('pending_auth', 'pending_auth', ANY, 0.25),
  connection('test_{digits}', 'test_1', ANY, 0.2),
  connection('ws_{user:part}', 'ws_u1', ANY, 0.2),
];
