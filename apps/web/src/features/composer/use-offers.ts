import type { AgentControls } from '@farhand/shared/model/agents';
import type { WorkspaceId } from '@farhand/shared/model/ids';
import type { KeyboardEvent } from 'react';
import { completeMention } from './completion.ts';
import { completeSlash, type SlashCommand } from './slash.ts';
import { type FileOffer, useFileMention } from './use-file-mention.ts';
import { type Slash, useSlash } from './use-slash.ts';

/** A text and where the caret goes in it. */
export interface Completed {
  readonly text: string;
  readonly caret: number;
}

export interface Offers {
  readonly files: FileOffer | null;
  readonly commands: Slash['offer'];
  /** Place of the choice that Enter takes; null while nothing is offered. */
  readonly active: number | null;
  /** Looks at the text anew after a change or a move of the caret. */
  look(text: string, caret: number): void;
  close(): void;
  completeFile(text: string, path: string): Completed | null;
  completeCommand(text: string, command: SlashCommand): Completed | null;
  /** Takes a key that moves through what is offered, closes it, or chooses; false where the key means something else. */
  onKey(event: KeyboardEvent, text: string, put: (completed: Completed) => void): boolean;
}

interface Source {
  readonly workspaceId: WorkspaceId;
  readonly controls: AgentControls | undefined;
}

/** What is offered while a message is written: files for an `@` word, the agent's commands for a `/` at its beginning. */
export function useOffers({ workspaceId, controls }: Source): Offers {
  const mentions = useFileMention(workspaceId);
  const slash = useSlash(controls);
  const { offer: commands } = slash;
  const files = commands ? null : mentions.offer;
  const list = commands ? slash : mentions;
  const offers: Offers = {
    files,
    commands,
    active: (commands ?? files)?.active ?? null,
    look(text, caret) {
      slash.look(text, caret);
      mentions.look(text, caret);
    },
    close() {
      slash.close();
      mentions.close();
    },
    completeFile: (text, path) => files && completeMention(text, files.mention, path),
    completeCommand: (text, { name }) => commands && completeSlash(text, commands.query, name),
    onKey(event, text, put) {
      if (!commands && !files) return false;
      if (event.key === 'ArrowDown') list.move(1);
      else if (event.key === 'ArrowUp') list.move(-1);
      else if (event.key === 'Escape') list.close();
      else if (event.key === 'Tab' || (event.key === 'Enter' && !event.shiftKey)) {
        const command = commands?.commands[commands.active];
        const done = command
          ? offers.completeCommand(text, command)
          : offers.completeFile(text, files?.paths[files.active] ?? '');
        if (done) put(done);
      } else return false;
      event.preventDefault();
      event.stopPropagation();
      return true;
    },
  };
  return offers;
}
