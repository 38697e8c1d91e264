import { hostId as hostIdOf } from '@farhand/shared/model/hosts';
import type { ProjectId } from '@farhand/shared/model/ids';
import type { SecretScope } from '@farhand/shared/model/secrets';
import { useState } from 'react';
import { useServerState } from '@/client/state-store.ts';
import { DialogBody } from '@/ui/dialog.tsx';
import { Field } from '@/ui/field.tsx';
import { Segmented } from '@/ui/segmented.tsx';
import { Select } from '@/ui/select.tsx';
import { ProjectPart } from '../settings/project-part.tsx';
import { Asked, SetList } from '../settings/set-list.tsx';
import { EnvImport } from './env-import.tsx';
import { SecretForm } from './secret-form.tsx';
import { isOfScope, keyOfScope, useSecrets } from './secret-query.ts';
import { SecretRow } from './secret-row.tsx';

const SCOPES = [
  { value: 'project', label: 'Project' },
  { value: 'host', label: 'Host' },
  { value: 'global', label: 'Everywhere' },
] as const;

/** Secrets by name, of a project, of a host or of everything: set, changed, imported, removed; a value is never shown. */
export function SecretSettings({ initialProject }: { readonly initialProject: ProjectId | undefined }) {
  const [kind, setKind] = useState<SecretScope['kind']>('project');
  return (
    <DialogBody>
      <p className="text-text-2">
        Agents, terminals and a project’s setup get these as environment variables or as files. They are
        stored encrypted; where a value is printed, its name stands in its place. Where one name is set more
        than once, the project’s counts before the host’s, and that before the one for everywhere.
      </p>
      <Segmented label="Secrets of" value={kind} onChange={setKind} choices={SCOPES} />
      {kind === 'project' && (
        <ProjectPart initialProject={initialProject} otherwise="Add one with a new workspace.">
          {(projectId) => <ScopeSecrets key={projectId} scope={{ kind, projectId }} />}
        </ProjectPart>
      )}
      {kind === 'host' && <HostSecrets />}
      {kind === 'global' && <ScopeSecrets scope={{ kind }} />}
    </DialogBody>
  );
}

function HostSecrets() {
  const hosts = Object.values(useServerState((state) => state.hosts));
  const [chosen, setChosen] = useState<string | null>(null);
  const hostId = chosen ?? hosts[0]?.id;
  if (hostId === undefined) return <p className="text-text-3">No hosts yet.</p>;
  return (
    <>
      <div className="max-w-sm">
        <Field label="Host">
          {({ id }) => (
            <Select
              id={id}
              value={hostId}
              onChange={setChosen}
              choices={hosts.map((host) => ({ value: String(host.id), label: host.label }))}
            />
          )}
        </Field>
      </div>
      <ScopeSecrets key={hostId} scope={{ kind: 'host', hostId: hostIdOf.parse(hostId) }} />
    </>
  );
}

function ScopeSecrets({ scope }: { readonly scope: SecretScope }) {
  const query = useSecrets();
  const [edited, setEdited] = useState<string | null>(null);
  return (
    <Asked query={query}>
      {({ secrets }) => {
        const own = secrets.filter((secret) => isOfScope(secret, scope));
        return (
          <>
            <SetList items={own}>
              {(secret) => (
                <SecretRow
                  key={`${keyOfScope(scope)} ${secret.name}`}
                  secret={secret}
                  onEdit={() => setEdited(secret.name)}
                />
              )}
            </SetList>
            <SecretForm
              key={edited ?? ''}
              scope={scope}
              edited={own.find(({ name }) => name === edited) ?? null}
              onDone={() => setEdited(null)}
            />
            {edited === null && <EnvImport scope={scope} known={own.map(({ name }) => name)} />}
          </>
        );
      }}
    </Asked>
  );
}
