'use strict';
// Finds the function's handler: "index.handler", "src/index.handler", "index.nested.handler".

const fs = require('node:fs');
const path = require('node:path');
const { RuntimeError } = require('./log.cjs');

function parse(text) {
  if (text.includes('..')) {
    throw new RuntimeError('MalformedHandlerName',
      `'${text}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`);
  }
  const base = path.basename(text);
  const dot = base.indexOf('.');
  if (dot < 0 || dot === base.length - 1) throw new RuntimeError('MalformedHandlerName', 'Bad handler');
  return {
    directory: text.slice(0, text.lastIndexOf(base)),
    module: base.slice(0, dot),
    names: base.slice(dot + 1).split('.'),
  };
}

function isFile(file) {
  const status = fs.statSync(file, { throwIfNoEntry: false });
  return status !== undefined && status.isFile();
}

/** True below a package.json with "type": "module"; the nearest one counts. */
function isInModulePackage(file) {
  for (let directory = path.dirname(file); ; directory = path.dirname(directory)) {
    try {
      return JSON.parse(fs.readFileSync(path.join(directory, 'package.json'), 'utf8')).type === 'module';
    } catch (error) {
      if (error.code !== 'ENOENT') return false;
    }
    if (directory === path.dirname(directory) || path.basename(directory) === 'node_modules') return false;
  }
}

/**
 * Node's own import does not look at NODE_PATH, where layers and the machine's packages are. Only a
 * module that is not found otherwise pays for hooks that do.
 */
async function importModule(file) {
  const url = require('node:url').pathToFileURL(file).href;
  try {
    return await import(url);
  } catch (error) {
    const { register } = require('node:module');
    if (error.code !== 'ERR_MODULE_NOT_FOUND' || register === undefined) throw error;
    register(require('node:url').pathToFileURL(path.join(__dirname, 'resolve_hooks.mjs')).href);
    // Under its own name the failure is remembered.
    return import(`${url}?with=NODE_PATH`);
  }
}

/** The module, or a promise of it. */
function loadModule(root, wanted) {
  const file = path.resolve(root, wanted.directory, wanted.module);
  if (isFile(file)) return require(file);
  if (isFile(`${file}.js`)) {
    if (isInModulePackage(file)) return importModule(`${file}.js`);
    try {
      return require(`${file}.js`);
    } catch (error) {
      if (error.code !== 'ERR_REQUIRE_ESM' && error.code !== 'ERR_REQUIRE_ASYNC_MODULE') throw error;
      return importModule(`${file}.js`);
    }
  }
  if (isFile(`${file}.mjs`)) return importModule(`${file}.mjs`);
  if (isFile(`${file}.cjs`)) return require(`${file}.cjs`);
  return require(require.resolve(wanted.module, { paths: [root, path.join(root, wanted.directory)] }));
}

/** In AWS's words. */
function explained(error) {
  let kind;
  if (error instanceof SyntaxError) kind = 'UserCodeSyntaxError';
  else if (error && (error.code === 'MODULE_NOT_FOUND' || error.code === 'ERR_MODULE_NOT_FOUND')) {
    kind = 'ImportModuleError';
  } else return error;
  const named = new RuntimeError(kind, String(error));
  named.stack = `${named.name}: ${kind === 'UserCodeSyntaxError' ? error.stack : String(error)}`;
  return named;
}

function find(module, wanted, text) {
  const look = (from) => wanted.names.reduce(
    (at, name) => (at !== null && typeof at === 'object' ? at[name] : undefined), from);
  const handler = look(module) || (module && typeof module === 'object' && look(module.default));
  if (!handler) throw new RuntimeError('HandlerNotFound', `${text} is undefined or not exported`);
  if (typeof handler !== 'function') throw new RuntimeError('HandlerNotFound', `${text} is not a function`);
  return handler;
}

/** The handler, or a promise of it where its module is an ES module. */
exports.load = (root, text) => {
  const wanted = parse(text);
  try {
    const module = loadModule(root, wanted);
    if (module instanceof Promise) {
      return module.then((loaded) => find(loaded, wanted, text), (error) => { throw explained(error); });
    }
    return find(module, wanted, text);
  } catch (error) {
    throw explained(error);
  }
};
