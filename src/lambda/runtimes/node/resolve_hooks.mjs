// Lets `import` find packages in NODE_PATH where Node.js itself finds none.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(import.meta.url);

export async function resolve(specifier, context, next) {
  try {
    return await next(specifier, context);
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND' || /^[./]|^[a-z]+:/.test(specifier)) throw error;
    let file;
    try {
      file = require.resolve(specifier);
    } catch {
      throw error;
    }
    return next(pathToFileURL(file).href, context);
  }
}
