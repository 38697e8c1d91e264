import { OfferList } from './offer-list.tsx';
import type { SlashCommand } from './slash.ts';
import type { Slash } from './use-slash.ts';

interface CommandListProps {
  readonly id: string;
  readonly offer: NonNullable<Slash['offer']>;
  onChoose(command: SlashCommand): void;
}

/** The agent's commands that fit what follows the `/`: name, what may follow, what it does. */
export function CommandList({ id, offer, onChoose }: CommandListProps) {
  return (
    <OfferList
      id={id}
      label="Commands"
      active={offer.active}
      rows={offer.commands.map((command) => ({
        key: command.name,
        content: (
          <>
            <span className="shrink-0 font-mono text-small text-text">/{command.name}</span>
            {command.hint && (
              <span className="max-w-40 shrink-0 truncate font-mono text-small text-text-3">
                {command.hint}
              </span>
            )}
            <span className="min-w-0 truncate text-small text-text-2">{command.description}</span>
          </>
        ),
      }))}
      onChoose={(index) => {
        const command = offer.commands[index];
        if (command) onChoose(command);
      }}
    />
  );
}
