import type { ApiToken } from '@farhand/shared/model/tokens';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '@/client/call.ts';
import { queryClient } from '@/client/query.ts';
import { Button } from '@/ui/button.tsx';
import { DialogBody } from '@/ui/dialog.tsx';
import { showError } from '@/ui/toast.tsx';
import { Group } from '../settings/group.tsx';
import { Asked, SetList } from '../settings/set-list.tsx';
import { McpSnippets } from './mcp-snippets.tsx';
import { NewToken } from './new-token.tsx';
import { TokenForm } from './token-form.tsx';
import { reachText, scopesText, usedText } from './token-text.ts';

const KEY = ['tokens'] as const;
const refresh = () => queryClient.invalidateQueries({ queryKey: KEY });

/** Tokens for other programs: made, listed, revoked; and how programs are told of Farhand. */
export function TokenSettings() {
  return (
    <DialogBody>
      <Group
        title="API tokens"
        note="A token lets a script or another program use Farhand, as far as its scopes say."
      >
        <TokenList />
      </Group>
      <Group
        title="MCP"
        note="Agents of other programs use Farhand’s hosts and workspaces. The policy judges what they run, and only a person can answer what it asks."
      >
        <McpSnippets />
      </Group>
    </DialogBody>
  );
}

function TokenList() {
  const query = useQuery({ queryKey: KEY, queryFn: () => call('token.list', {}) });
  const [isAdding, setIsAdding] = useState(false);
  const [made, setMade] = useState<{ token: ApiToken; value: string } | null>(null);
  return (
    <Asked query={query}>
      {({ tokens }) => (
        <>
          {made && <NewToken name={made.token.name} value={made.value} onDone={() => setMade(null)} />}
          <SetList items={tokens}>{(token) => <TokenRow key={token.id} token={token} />}</SetList>
          {isAdding ? (
            <TokenForm
              takenNames={tokens.map(({ name }) => name)}
              onCancel={() => setIsAdding(false)}
              onDone={(answer) => {
                setIsAdding(false);
                setMade(answer);
                void refresh();
              }}
            />
          ) : (
            <Button className="w-fit" onClick={() => setIsAdding(true)}>
              Make a token
            </Button>
          )}
        </>
      )}
    </Asked>
  );
}

function TokenRow({ token }: { readonly token: ApiToken }) {
  const { id, name } = token;
  const [isAsked, setIsAsked] = useState(false);
  const revoke = useMutation({
    mutationFn: () => call('token.revoke', { tokenId: id }),
    onSuccess: refresh,
    onError: (error) => showError('The token was not revoked', error),
  });
  return (
    <li className="flex flex-wrap items-center gap-2 px-3 py-2">
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">{name}</p>
        <p className="text-small text-text-2">
          {scopesText(token)}; {reachText(token)}
        </p>
        <p className="text-small text-text-3">{usedText(token)}</p>
      </div>
      {isAsked ? (
        <>
          <Button
            size="small"
            variant="danger"
            className="phone:h-11"
            disabled={revoke.isPending}
            onClick={() => revoke.mutate()}
          >
            Revoke now
          </Button>
          <Button size="small" variant="ghost" className="phone:h-11" onClick={() => setIsAsked(false)}>
            Keep
          </Button>
        </>
      ) : (
        <Button
          size="small"
          variant="ghost"
          className="phone:h-11"
          onClick={() => setIsAsked(true)}
          aria-label={`Revoke ${name}`}
        >
          Revoke
        </Button>
      )}
    </li>
  );
}
