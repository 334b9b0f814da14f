import assert from 'node:assert/strict';
import {
  compareDialects,
  type Dialect,
  extractByIdManager,
  extractByRunIdGenerator,
  extractByU4,
  extractThreadId,
  isSuspiciousRunId,
  isSuspiciousRunId20250918,
  isSuspiciousThreadId,
  isValidByU4,
  isValidIdFormat,
  isValidThreadId,
  parseByG4,
  parseByU4,
  parseU1,
  parseU2,
  type UnifiedReading,
} from '../../../../src/core';
import { describeMismatches, readVectors } from './read-vectors';

interface ExtractionVector {
  readonly input: string;
  readonly thread_id: string | null;
  readonly pattern: string | null;
  readonly run_id_generator: string | null;
  readonly id_manager: string | null;
  readonly valid_thread_id: boolean;
  readonly suspicious_thread_id: boolean;
  readonly suspicious_run_id: boolean;
}

interface DialectVector {
  readonly input: string;
  readonly before_fix: string | null;
  readonly fix: string | null;
  readonly unified: string | null;
}

interface EraVector {
  readonly input: string;
  readonly [field: string]: unknown;
}

function expectAll<T extends { readonly input: string }>(vectors: readonly T[], actual: (input: string) => unknown, expected: (vector: T) => unknown): void {
  assert.ok(vectors.length > 1000);
  const mismatches = vectors
    .map((vector) => ({ input: vector.input, actual: actual(vector.input), expected: expected(vector) }))
    .filter((row) => JSON.stringify(row.actual) !== JSON.stringify(row.expected));
  assert.equal(mismatches.length, 0, describeMismatches(mismatches));
}

const unified = (reading: UnifiedReading | undefined): unknown =>
  reading
    ? { thread_id: reading.threadId, timestamp: reading.timestamp ?? null, uuid_suffix: reading.suffix, format: reading.format }
    : null;

describe('answers of the original: extraction', () => {
  const vectors = readVectors<ExtractionVector>('extraction');

  it('finds the thread by the same pattern', () => {
    expectAll(
      vectors,
      (input) => {
        const found = extractThreadId(input);
        return [found?.threadId ?? null, found?.pattern ?? null];
      },
      (vector) => [vector.thread_id, vector.pattern],
    );
  });

  it('cuts run_id_generator and IDManager IDs alike', () => {
    expectAll(vectors, (input) => extractByRunIdGenerator(input) ?? null, (vector) => vector.run_id_generator);
    expectAll(vectors, (input) => extractByIdManager(input) ?? null, (vector) => vector.id_manager);
  });

  it('judges validity and suspicion alike', () => {
    expectAll(vectors, isValidThreadId, (vector) => vector.valid_thread_id);
    expectAll(vectors, isSuspiciousThreadId, (vector) => vector.suspicious_thread_id);
    expectAll(vectors, isSuspiciousRunId, (vector) => vector.suspicious_run_id);
  });
});

describe('answers of the original: dialects', () => {
  const vectors = readVectors<DialectVector>('dialects');

  for (const dialect of ['before_fix', 'fix', 'unified'] as const) {
    it(`routes as ${dialect}`, () => {
      expectAll(vectors, (input) => extractThreadId(input, dialect)?.threadId ?? null, (vector) => vector[dialect]);
    });
  }

  it('says that dialects agree exactly when they do', () => {
    const eras = new Map(readVectors<EraVector>('eras').map((vector) => [vector.input, vector.bridge_20250918]));
    expectAll(
      vectors,
      (input) => compareDialects(input).agree,
      (vector) => new Set([vector.before_fix, vector.fix, vector.unified, eras.get(vector.input)]).size === 1,
    );
  });
});

describe('answers of the original: eras', () => {
  const vectors = readVectors<EraVector>('eras');
  const bridges: Readonly<Record<string, Dialect>> = {
    bridge_before_fix: 'before_fix',
    bridge_20250903_fix: 'fix',
    bridge_20250903_unified: 'unified',
    bridge_20250918: '20250918',
  };

  for (const [field, dialect] of Object.entries(bridges)) {
    it(`routes as ${field}`, () => {
      expectAll(vectors, (input) => extractThreadId(input, dialect)?.threadId ?? null, (vector) => vector[field]);
    });
  }

  it('parses as the first two unified managers', () => {
    expectAll(vectors, (input) => unified(parseU1(input)), (vector) => vector.u1);
    expectAll(vectors, (input) => unified(parseU2(input)), (vector) => vector.u2);
  });

  it('parses as the rewritten manager', () => {
    expectAll(vectors, (input) => extractByU4(input).text, (vector) => vector.u4_extract);
    expectAll(vectors, isValidByU4, (vector) => vector.u4_valid);
    expectAll(
      vectors,
      (input) => {
        const parts = parseByU4(input);
        return { thread_id: parts?.threadId ?? '', timestamp: parts?.timestamp ?? '', uuid_part: parts?.suffix ?? '', valid: parts !== undefined };
      },
      (vector) => vector.u4_parse,
    );
  });

  it('parses as the second generator', () => {
    expectAll(vectors, (input) => parseByG4(input) ?? null, (vector) => vector.g4_parse);
  });

  it('judges formats and suspicion as the last validators', () => {
    expectAll(vectors, isValidIdFormat, (vector) => vector.is_valid_id_format);
    expectAll(vectors, isSuspiciousRunId20250918, (vector) => vector.suspicious_run_20250918);
  });
});
