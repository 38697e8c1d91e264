import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { type Context, Hono } from 'hono';
import { compress } from 'hono/compress';
import type { Access, Caller, Headers } from '../access/access.ts';
import type { Log } from '../logging/log.ts';
import type { McpEndpoint } from '../mcp-server/endpoint.ts';
import { answerCall } from './call-route.ts';
import { callerOf } from './caller-of.ts';
import type { CallTable } from './calls/table.ts';
import type { DevelopmentPage } from './development-page.ts';
import { errorResponse, statusOf } from './http-errors.ts';
import { notBuiltPage, signInPage } from './plain-page.ts';
import { scopeOf } from './scopes.ts';
import type { StaticFiles } from './static-files.ts';
import { assertScope, type TokenGate } from './token-gate.ts';

export interface AppDeps {
  readonly access: Access;
  readonly calls: CallTable;
  readonly gate: TokenGate;
  readonly mcp: McpEndpoint;
  readonly log: Log;
  /** Null where the web app is not built. */
  readonly files: StaticFiles | null;
  /** In the place of `files` in development. */
  readonly development: DevelopmentPage | null;
}

type App = { Bindings: HttpBindings };

const TOKEN_HINT = 'Send `Authorization: Bearer fh_…` with a token of `farhand token create`.';

const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};

/** Everything that is answered by HTTP. The checks of the front door come first, on the headers alone. */
export function createApp(deps: AppDeps): Hono<App> {
  const { access, calls, gate } = deps;
  const app = new Hono<App>();
  app.onError((thrown, context) => failure(deps.log, thrown, context));
  app.use(async (context, next) => {
    await next();
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) context.header(name, value);
  });
  app.use(async (context, next) => {
    access.check({ method: context.req.method, isUpgrade: false, header: headersOf(context) });
    await next();
  });
  app.get('/login', (context) => login(deps, context));
  app.post('/api/access.logout', (context) => {
    const asking = signedIn(access, context);
    if (asking.kind === 'token') assertScope(asking.token, scopeOf('access.logout'));
    const setCookie = access.logout(asking);
    return Response.json({ ok: true, data: {} }, { headers: { 'set-cookie': setCookie } });
  });
  app.post('/api/:call', (context) => {
    const asking = signedIn(access, context);
    const request = context.req.raw;
    const caller = callerOf(asking, headersOf(context), request.signal);
    return answerCall({ table: calls, gate }, context.req.param('call'), { request, caller });
  });
  app.get('/api/openapi.json', async (context) => {
    signedIn(access, context);
    const { openapiDocument } = await import('./openapi/document.ts');
    return Response.json(openapiDocument(new URL(context.req.url).origin));
  });
  app.all('/mcp', (context) => deps.mcp.answer(context.req.raw, bearerCaller(access, context)));
  app.all('/api/*', () => {
    throw new FarhandError('request.unknown_call');
  });
  // The page alone: an answer of the API that holds a secret beside a caller's words must not tell by its length.
  app.get('*', compress({ encoding: 'gzip' }), (context) => page(deps, context));
  app.notFound(() => errorResponse(new FarhandError('request.unknown_call')));
  return app;
}

const headersOf =
  (context: Context): Headers =>
  (name) =>
    context.req.header(name) ?? null;

function signedIn(access: Access, context: Context<App>): Caller {
  const caller = access.caller(headersOf(context), addressOf(context));
  if (!caller) throw new FarhandError('access.denied');
  return caller;
}

// A cookie comes by itself from whatever page is open: other programs show what no page can.
function bearerCaller(access: Access, context: Context<App>): Exclude<Caller, { kind: 'browser' }> {
  const caller = signedIn(access, context);
  if (caller.kind === 'browser') throw new FarhandError('access.denied', { hint: TOKEN_HINT });
  return caller;
}

const addressOf = (context: Context<App>) => context.env.incoming.socket.remoteAddress ?? null;

function login({ access, log }: AppDeps, context: Context<App>): Response {
  const host = context.req.header('host') ?? '';
  // A link preview that only asks for the head must not use the code up.
  const code = context.env.incoming.method === 'GET' ? context.req.query('code') : undefined;
  const address = context.env.incoming.socket.remoteAddress ?? '';
  const setCookie = code === undefined ? null : access.redeemCode(code, address);
  if (setCookie === null) {
    if (code !== undefined) log.warn('login.refused', { address });
    return signInPage(host, code !== undefined);
  }
  log.info('login.done', { address });
  return new Response(null, {
    status: 303,
    headers: { location: '/', 'set-cookie': setCookie, 'cache-control': 'no-store' },
  });
}

async function page(deps: AppDeps, context: Context<App>): Promise<Response> {
  const host = context.req.header('host') ?? '';
  if (!deps.access.caller(headersOf(context), addressOf(context))) return signInPage(host, false);
  if (deps.development) {
    await deps.development.answer(context.env.incoming, context.env.outgoing);
    return RESPONSE_ALREADY_SENT;
  }
  if (!deps.files) return notBuiltPage(host);
  const found = await deps.files.answer({
    path: context.req.path,
    host,
    ifNoneMatch: context.req.header('if-none-match') ?? null,
  });
  return found ?? new Response('Not found.\n', { status: 404 });
}

function failure(log: Log, thrown: unknown, context: Context<App>): Response {
  const error = FarhandError.from(thrown);
  const facts = { method: context.req.method, path: context.req.path, error };
  if (statusOf(error) >= 500) log.error('request.failed', facts);
  else log.debug('request.refused', facts);
  return errorResponse(error);
}
