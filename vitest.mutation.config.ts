import { defineConfig } from 'vitest/config';

/** The tests that mutants of shared/regulation are held to. */
export default defineConfig({
  test: {
    include: ['test/regulation/**/*.test.ts'],
    exclude: ['test/regulation/rules.test.ts', 'test/regulation/docs.test.ts', 'test/regulation/properties.test.ts'],
    pool: 'threads',
    testTimeout: 60_000,
    env: { TZ: 'UTC' },
  },
});
