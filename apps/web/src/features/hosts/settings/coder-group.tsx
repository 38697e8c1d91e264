import type { CoderWorkspace } from '@farhand/shared/model/coder';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { queryClient } from '@/client/query.ts';
import { Button } from '@/ui/button.tsx';
import { Field, Input } from '@/ui/field.tsx';
import { Hint } from '@/ui/hint.tsx';
import { Skeleton } from '@/ui/skeleton.tsx';
import { showError } from '@/ui/toast.tsx';
import { InlineError } from '../../composer/inline-error.tsx';
import { Group } from '../../settings/group.tsx';

const KEY = ['coder'] as const;
const refresh = () => queryClient.invalidateQueries({ queryKey: KEY });
const BUILDING = ['pending', 'starting', 'stopping', 'canceling', 'deleting'];
const isUnderWay = ({ build, status }: CoderWorkspace) =>
  (build !== null && build.endedAt === null) || BUILDING.includes(status);

/** Coder's workspaces, each a host by the name of `coder.<name>`: started and stopped from here. */
export function CoderGroup() {
  const [isConnecting, setIsConnecting] = useState(false);
  const { data, error } = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => call('coder.list', {}, { signal }),
    staleTime: 5000,
    refetchInterval: ({ state }) => (state.data?.workspaces.some(isUnderWay) ? 1000 : false),
  });
  const disconnect = useMutation({
    mutationFn: () => call('coder.disconnect', {}),
    onError: (error) => showError('The token was not forgotten', error),
    onSettled: refresh,
  });
  if (error) return null;
  return (
    <Group
      title="Coder"
      note={
        <>
          Each workspace of yours is a host called <code>coder.name</code>, reached as{' '}
          <code>coder config-ssh</code> set it up.
        </>
      }
      aside={
        data?.source === 'api' ? (
          <Button size="small" className="phone:h-11" onClick={() => disconnect.mutate()}>
            Forget the token
          </Button>
        ) : (
          <Button
            size="small"
            className="phone:h-11"
            aria-expanded={isConnecting}
            onClick={() => setIsConnecting(!isConnecting)}
          >
            Connect with a token
          </Button>
        )
      }
    >
      {isConnecting && data?.source !== 'api' && <ConnectForm onDone={() => setIsConnecting(false)} />}
      {!data && <Skeleton className="h-10" />}
      {data?.problem && (
        <p className="text-small text-text-2">
          <Hint text={[data.problem.message, data.problem.hint].filter(Boolean).join(' ')} />
        </p>
      )}
      {data && data.problem === null && data.workspaces.length === 0 && (
        <p className="text-small text-text-3">You have no workspaces there.</p>
      )}
      {data && data.workspaces.length > 0 && (
        <ul className="divide-y divide-hairline rounded-ui border border-hairline">
          {data.workspaces.map((workspace) => (
            <CoderRow key={workspace.name} workspace={workspace} />
          ))}
        </ul>
      )}
    </Group>
  );
}

function CoderRow({ workspace }: { readonly workspace: CoderWorkspace }) {
  const { name, hostId, status, template, build, isHealthy, isOutdated } = workspace;
  const isBusy = isUnderWay(workspace);
  const bring = useMutation({
    mutationFn: (how: 'start' | 'stop' | 'force') =>
      how === 'start' ? call('coder.start', { name }) : call('coder.stop', { name, force: how === 'force' }),
    onSettled: refresh,
  });
  const refusal = bring.error ? ApiError.from(bring.error) : null;
  const notes = [
    template,
    isHealthy === false && status === 'running' ? 'not healthy' : '',
    isOutdated ? 'an update is there' : '',
  ].filter(Boolean);
  return (
    <li className="flex flex-col gap-1 px-3 py-2">
      <div className="flex flex-wrap items-center gap-2">
        <div className="min-w-0 flex-1">
          <p className="flex flex-wrap items-baseline gap-x-2">
            <span className="font-medium">{name}</span>
            <span
              className={
                status === 'running'
                  ? 'text-small text-done'
                  : status === 'failed'
                    ? 'text-small text-failed'
                    : 'text-small text-text-3'
              }
            >
              {status}
            </span>
            <span className="text-small text-text-3">{notes.join(', ')}</span>
          </p>
          <code className="text-small text-text-3">{hostId}</code>
        </div>
        {status === 'running' ? (
          <Button
            size="small"
            className="phone:h-11"
            disabled={isBusy || bring.isPending}
            onClick={() => bring.mutate('stop')}
            aria-label={`Stop ${name}`}
          >
            Stop
          </Button>
        ) : (
          <Button
            size="small"
            className="phone:h-11"
            disabled={isBusy || bring.isPending}
            onClick={() => bring.mutate('start')}
            aria-label={`Start ${name}`}
          >
            {isBusy ? 'Under way' : 'Start'}
          </Button>
        )}
      </div>
      {isBusy && build && (
        <output className="truncate font-mono text-small text-text-3">
          {build.lines.at(-1) ?? 'Asked Coder…'}
        </output>
      )}
      {build?.error && !isBusy && (
        <p role="alert" className="text-small break-words text-failed">
          {build.error.message}
        </p>
      )}
      {refusal?.code === 'coder.in_use' ? (
        <p className="flex flex-wrap items-center gap-2 text-small text-text-2">
          {refusal.message}
          <Button size="small" variant="danger" className="phone:h-11" onClick={() => bring.mutate('force')}>
            Stop anyway
          </Button>
        </p>
      ) : (
        refusal && <InlineError error={refusal} />
      )}
    </li>
  );
}

function ConnectForm({ onDone }: { readonly onDone: () => void }) {
  const [url, setUrl] = useState('');
  const [token, setToken] = useState('');
  const connect = useMutation({
    mutationFn: () => call('coder.connect', { url: url.trim(), token: token.trim() }),
    async onSuccess() {
      await refresh();
      onDone();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    connect.mutate();
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-3 rounded-ui border border-hairline p-3">
      <div className="grid grid-cols-2 gap-3 phone:grid-cols-1">
        <Field label="URL" hint="Of your deployment.">
          {(control) => (
            <Input
              {...control}
              required
              type="url"
              placeholder="https://coder.example.com"
              value={url}
              onChange={(event) => setUrl(event.target.value)}
            />
          )}
        </Field>
        <Field label="Token" hint="Of its page Account → Tokens. Kept sealed, never shown again.">
          {(control) => (
            <Input
              {...control}
              required
              type="password"
              value={token}
              onChange={(event) => setToken(event.target.value)}
            />
          )}
        </Field>
      </div>
      {connect.error && <InlineError error={ApiError.from(connect.error)} />}
      <div className="flex gap-2">
        <Button type="submit" variant="primary" disabled={connect.isPending}>
          Connect
        </Button>
        <Button onClick={onDone}>Cancel</Button>
      </div>
    </form>
  );
}
