import type { ApiToken } from '@farhand/shared/model/tokens';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '@/client/call.ts';
import { queryClient } from '@/client/query.ts';
import { DialogBody } from '@/ui/dialog.tsx';
import { showError } from '@/ui/toast.tsx';
import { FormButton } from '../settings/form-button.tsx';
import { Group } from '../settings/group.tsx';
import { Asked, SetList } from '../settings/set-list.tsx';
import { SureButton } from '../settings/sure-button.tsx';
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
        note="A token lets a script or another program use Farhand: for what you choose, until it expires or you revoke it."
      >
        <TokenList />
      </Group>
      <Group
        title="MCP"
        note="By the Model Context Protocol the agents of other programs use Farhand’s hosts and workspaces. The policy judges what they run, and only a person can answer what it asks."
      >
        <McpSnippets />
      </Group>
    </DialogBody>
  );
}

function TokenList() {
  const query = useQuery({ queryKey: KEY, queryFn: () => call('token.list', {}) });
  const [made, setMade] = useState<{ token: ApiToken; value: string } | null>(null);
  return (
    <Asked query={query}>
      {({ tokens }) => (
        <>
          {made && <NewToken name={made.token.name} value={made.value} onDone={() => setMade(null)} />}
          <SetList items={tokens}>{(token) => <TokenRow key={token.id} token={token} />}</SetList>
          <FormButton label="Make a token">
            {(close) => (
              <TokenForm
                takenNames={tokens.map(({ name }) => name)}
                onCancel={close}
                onDone={(answer) => {
                  close();
                  setMade(answer);
                  void refresh();
                }}
              />
            )}
          </FormButton>
        </>
      )}
    </Asked>
  );
}

function TokenRow({ token }: { readonly token: ApiToken }) {
  const { id, name } = token;
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
      <SureButton
        verb="Revoke"
        name={name}
        question="What uses it stops working."
        sureVerb="Revoke now"
        isDisabled={revoke.isPending}
        onSure={() => revoke.mutate()}
      />
    </li>
  );
}
