import fc from 'fast-check';

/** Property tests run on the same inputs everywhere; `FAST_CHECK_SEED=n` explores others, `random` any. */
const wanted = process.env['FAST_CHECK_SEED'] ?? '20250903';
if (wanted !== 'random') fc.configureGlobal({ seed: Number(wanted) });
