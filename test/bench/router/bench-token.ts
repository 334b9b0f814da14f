/** Of the routers that benchmarks start. */
export const BENCH_TOKEN = 'bench-token-0123456789abcdef';
