import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ContentBlock } from '@agentclientprotocol/sdk';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Attachment } from '@farhand/shared/model/agents';
import type { AgentTurn } from '../../agent.ts';

/** What the agent can take beside text and links. */
export interface PromptCapabilities {
  readonly image: boolean;
  readonly embeddedContext: boolean;
}

/** Files up to this are sent with the message where the agent takes them; larger ones it reads itself. */
const LARGEST_EMBEDDED = 128 * 1024;
const DATA_URL = /^data:(image\/(?:png|jpeg|gif|webp));base64,([A-Za-z0-9+/=]+)$/;

/** What the person wrote, as the agent can take it. */
export async function promptContent(
  turn: Pick<AgentTurn, 'prompt' | 'attachments' | 'place' | 'secrets'>,
  capabilities: PromptCapabilities,
): Promise<ContentBlock[]> {
  const attached = await Promise.all(turn.attachments.map((one) => attachedBlock(turn, one, capabilities)));
  return [{ type: 'text', text: turn.prompt }, ...attached];
}

async function attachedBlock(
  turn: Pick<AgentTurn, 'place' | 'secrets'>,
  attachment: Attachment,
  { image, embeddedContext }: PromptCapabilities,
): Promise<ContentBlock> {
  if (attachment.kind === 'image') {
    const [, mimeType, data] = DATA_URL.exec(attachment.url) ?? [];
    if (image && mimeType && data) return { type: 'image', mimeType, data };
    return {
      type: 'text',
      text: `(An image, ${attachment.name ?? 'without a name'}, which you cannot see.)`,
    };
  }
  const { directory, runtime } = turn.place;
  const absolute = path.posix.resolve(directory, attachment.path);
  if (absolute !== directory && !absolute.startsWith(`${directory}/`))
    throw new FarhandError('file.outside_workspace', { details: { path: attachment.path } });
  const uri = pathToFileURL(absolute, { windows: false }).href;
  const link = { type: 'resource_link' as const, uri, name: path.posix.basename(absolute) };
  if (!embeddedContext) return link;
  const bytes = await runtime.files.read(absolute, { limit: LARGEST_EMBEDDED + 1 }).catch(() => null);
  if (bytes === null || bytes.length > LARGEST_EMBEDDED || bytes.includes(0)) return link;
  const text = turn.secrets.redactor().text(new TextDecoder().decode(bytes));
  return { type: 'resource', resource: { uri, text } };
}
