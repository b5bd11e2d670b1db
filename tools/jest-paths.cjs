const { compilerOptions } = require('../tsconfig.base.json');

/** Turns the path aliases of tsconfig.base.json into jest's moduleNameMapper, so that there is one list. */
exports.pathsFromTsconfig = () =>
  Object.fromEntries(Object.entries(compilerOptions.paths).map(([alias, [file]]) => [`^${alias}$`, `<rootDir>/${file}`]));
