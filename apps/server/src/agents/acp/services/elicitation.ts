import {
  CreateElicitationRequest,
  type CreateElicitationResponse,
  type ElicitationSchema,
} from '@agentclientprotocol/sdk';
import type { ApprovalDecision, FormField } from '@farhand/shared/model/approvals';
import { oneLine } from '../updates/bounds.ts';
import { badRequest } from './errors.ts';
import { contentOf, fieldsOf } from './form-fields.ts';
import { decide, digest, type ServiceContext } from './service-context.ts';

/** An answer that does not fit is asked for again, but not without end. */
const MOST_TRIES = 5;
const MOST_MESSAGE = 32 * 1024;

/** Questions of an agent to the person: forms to fill in, addresses to open and come back from. */
export class Elicitations {
  readonly #context: ServiceContext;
  /** Addresses that are open now, by the agent's own id. */
  readonly #open = new Map<string, AbortController>();

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  async create(params: CreateElicitationRequest, key: string | null): Promise<CreateElicitationResponse> {
    if (CreateElicitationRequest.isForm(params))
      return await this.#fillIn(params, params.requestedSchema, key);
    if (CreateElicitationRequest.isUrl(params)) return await this.#visit(params, key);
    throw badRequest('Only forms and addresses can be asked for.');
  }

  /** The agent has seen that an address was visited: the question is closed. */
  complete(elicitationId: string): void {
    this.#open.get(elicitationId)?.abort('complete');
  }

  async #fillIn(
    params: CreateElicitationRequest,
    schema: ElicitationSchema,
    key: string | null,
  ): Promise<CreateElicitationResponse> {
    const fields = fieldsOf(schema);
    let why: string | undefined;
    for (let count = 0; count < MOST_TRIES; count += 1) {
      const decision = await this.#ask(params.message, {
        key: [key ?? digest(params), String(count)],
        fields: fields.map(({ field }) => field),
        url: null,
        ...(why === undefined ? {} : { why }),
      });
      if (decision.kind !== 'answered') return actionOf(decision);
      const answer = contentOf(fields, decision.values);
      if ('content' in answer) return { action: 'accept', content: answer.content };
      why = `The answer did not fit: ${answer.fault}`;
    }
    return { action: 'cancel' };
  }

  async #visit(
    params: CreateElicitationRequest & { url: string; elicitationId: string },
    key: string | null,
  ): Promise<CreateElicitationResponse> {
    const { url, elicitationId } = params;
    if (elicitationId.length > 500) throw badRequest('The id is too long.');
    // Anything else could be a command for whoever opens it.
    if (url.length > 8192 || !/^https?:\/\/[^\s]+$/i.test(url) || !URL.canParse(url))
      throw badRequest('Only addresses of the web can be opened.');
    const closing = new AbortController();
    this.#open.set(elicitationId, closing);
    try {
      const asked = { key: [key ?? elicitationId], fields: [], url };
      const decision = await this.#ask(params.message, asked, closing.signal);
      return closing.signal.aborted ? { action: 'accept' } : actionOf(decision);
    } finally {
      this.#open.delete(elicitationId);
    }
  }

  async #ask(
    message: string,
    asked: { key: string[]; fields: FormField[]; url: string | null; why?: string },
    closing?: AbortSignal,
  ): Promise<ApprovalDecision> {
    const { session, signal } = this.#context;
    const { key, fields, url, why } = asked;
    const shown = session.secrets.redactor().text(message.slice(0, MOST_MESSAGE));
    const question = {
      key: ['elicitation', ...key],
      itemId: null,
      title: oneLine(shown) || 'The agent asks',
      cwd: null,
      subject: { kind: 'form' as const, message: shown, fields, url },
      effect: 'other' as const,
      paths: [],
      canEdit: false,
      canAllowSession: false,
      ...(why === undefined ? {} : { why }),
    };
    const own = signal();
    return await decide(this.#context, question, closing ? AbortSignal.any([own, closing]) : own);
  }
}

function actionOf({ kind }: ApprovalDecision): CreateElicitationResponse {
  // To allow an address is to have opened it.
  if (kind === 'allowed' || kind === 'answered') return { action: 'accept' };
  return { action: kind === 'denied' ? 'decline' : 'cancel' };
}
