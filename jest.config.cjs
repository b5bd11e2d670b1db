// One jest: unit (pure, milliseconds), int (embedded storage), kafka (a real broker), e2e and crash (whole system), kube (an API server of Kubernetes).
const { pathsFromTsconfig } = require('./tools/jest-paths.cjs');
const base = {
  rootDir: __dirname,
  testEnvironment: 'node',
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript', decorators: true }, target: 'es2022', transform: { legacyDecorator: true } },
        module: { type: 'commonjs' },
      },
    ],
  },
  moduleNameMapper: pathsFromTsconfig(),
  setupFiles: ['<rootDir>/tools/jest-seed.cjs'],
  setupFilesAfterEnv: ['<rootDir>/tools/jest-asserts.cjs'],
  modulePathIgnorePatterns: ['<rootDir>/dist'],
  testPathIgnorePatterns: ['/node_modules/'],
};
module.exports = {
  projects: [
    { ...base, displayName: 'unit', testMatch: ['**/*.spec.ts'] },
    { ...base, displayName: 'int', testMatch: ['**/*.int-spec.ts'] },
    { ...base, displayName: 'kafka', testMatch: ['**/*.kafka-spec.ts'] },
    { ...base, displayName: 'e2e', testMatch: ['**/*.e2e-spec.ts'] },
    { ...base, displayName: 'crash', testMatch: ['**/*.crash-spec.ts'] },
    { ...base, displayName: 'kube', testMatch: ['**/*.kube-spec.ts'] },
  ],
};
