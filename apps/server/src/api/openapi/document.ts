import { ERRORS } from '@farhand/shared/errors/table';
import { type CallName, calls } from '@farhand/shared/protocol/calls';
import { wireError } from '@farhand/shared/protocol/frames';
import { VERSION } from '../../config/version.ts';
import { NOT_FOR_TOKENS, scopeOf } from '../scopes.ts';
import { EXAMPLES } from './examples.ts';
import { createSchemas, type Schemas } from './schemas.ts';

/** Every status that an error may have, with its codes. */
const CODES_BY_STATUS = codesByStatus();

/** The API as an OpenAPI 3.1 document; `origin` is where it was asked for, as `http://127.0.0.1:7373`. */
export function openapiDocument(origin: string): object {
  const schemas = createSchemas();
  const names = (Object.keys(calls) as CallName[]).filter((name) => name !== 'access.logout').toSorted();
  const error = schemas.add('Error', wireError, 'output');
  const paths = Object.fromEntries(names.map((name) => [`/api/${name}`, { post: operation(name, schemas) }]));
  return {
    openapi: '3.1.0',
    info: {
      title: 'Farhand',
      version: VERSION,
      description: INTRODUCTION,
      license: { name: 'See the repository' },
    },
    servers: [{ url: origin }],
    security: [{ token: [] }],
    tags: [...new Set(names.map(nounOf))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'A token of `farhand token create`, as `Authorization: Bearer fh_…`. Never in a URL.',
        },
      },
      schemas: {
        ...schemas.components,
        Error: error,
        Failure: {
          type: 'object',
          required: ['ok', 'error'],
          properties: { ok: { const: false }, error: { $ref: '#/components/schemas/Error' } },
        },
      },
      responses: Object.fromEntries(
        [...CODES_BY_STATUS].map(([status, codes]) => [`Status${status}`, failure(status, codes)]),
      ),
    },
  };
}

const INTRODUCTION =
  'Every call is `POST /api/<noun>.<verb>` with its input as JSON. The answer is `{ "ok": true, "data": … }` or `{ "ok": false, "error": … }`.';

const nounOf = (name: CallName) => name.split('.')[0] ?? name;

function operation(name: CallName, schemas: Schemas): object {
  const { input, output } = calls[name];
  const scope = scopeOf(name);
  const example = EXAMPLES[name];
  const [noun = '', verb = ''] = name.split('.');
  const words = (text: string) => text.replaceAll('_', ' ');
  return {
    operationId: name,
    tags: [noun],
    summary: `${words(noun)}: ${words(verb)}`,
    description: NOT_FOR_TOKENS.has(name)
      ? 'Not for tokens: a person does it in the page, or at the command line of the server’s machine.'
      : `Needs a token with the scope \`${scope}\`${scope === 'admin' ? '' : ' (or `admin`)'}.`,
    'x-farhand-scope': scope,
    security: [{ token: [] }],
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: schemas.add(`${name}.input`, input, 'input'),
          ...(example !== undefined && { example }),
        },
      },
    },
    responses: {
      200: {
        description: 'It was done.',
        content: {
          'application/json': {
            schema: {
              type: 'object',
              required: ['ok', 'data'],
              properties: { ok: { const: true }, data: schemas.add(`${name}.output`, output, 'output') },
            },
          },
        },
      },
      ...Object.fromEntries(
        [...CODES_BY_STATUS.keys()].map((status) => [
          status,
          { $ref: `#/components/responses/Status${status}` },
        ]),
      ),
    },
  };
}

function failure(status: number, codes: readonly string[]): object {
  return {
    description: `One of ${codes.map((code) => `\`${code}\``).join(', ')}.`,
    ...(status === 401 && {
      headers: { 'WWW-Authenticate': { schema: { type: 'string' }, description: '`Bearer`.' } },
    }),
    content: {
      'application/json': {
        schema: { $ref: '#/components/schemas/Failure' },
        example: { ok: false, error: exampleError(codes[0] ?? 'internal.unexpected') },
      },
    },
  };
}

function exampleError(code: string): object {
  const { message, hint, retryable = false } = ERRORS[code as keyof typeof ERRORS];
  return { code, message, hint, retryable, details: {} };
}

function codesByStatus(): Map<number, string[]> {
  const found = new Map<number, string[]>();
  for (const [code, { status = 400 }] of Object.entries(ERRORS))
    found.set(status, [...(found.get(status) ?? []), code]);
  return new Map([...found].toSorted(([one], [other]) => one - other));
}
