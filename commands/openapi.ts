// npm run -s openapi: prints the OpenAPI 3.1 document of the API.
import manifest from '../package.json' with { type: 'json' };
import { apiParts } from './api-parts.ts';
import { openApiDocument } from './openapi-document.ts';

// A reader such as `head` may leave early; that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
process.stdout.write(`${JSON.stringify(openApiDocument(apiParts, manifest.version), null, 2)}\n`);
