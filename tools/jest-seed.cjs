// Property tests look at new cases on every run, except in CI, where a landing must not depend on luck.
if (process.env.CI === 'true') require('fast-check').configureGlobal({ seed: 20261123 });
