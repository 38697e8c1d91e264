import type { SandboxProfile } from '@farhand/shared/model/sandbox';
import { NO_SANDBOX } from '@farhand/shared/model/sandbox';
import { useState } from 'react';
import { useServerState } from '@/client/state-store.ts';
import { DialogBody } from '@/ui/dialog.tsx';
import { Select } from '@/ui/select.tsx';
import { Group } from '../settings/group.tsx';
import { QuotaGroup } from '../settings/quota-group.tsx';
import { SetList } from '../settings/set-list.tsx';
import { HostCheck } from './host-check.tsx';
import { ProfileChoice } from './profile-choice.tsx';
import { profileFacts, setDefaultProfile, useSandboxProfiles } from './profiles-query.ts';

/** The sandbox of new workspaces, what each may take on a disk, whether hosts can make one, and the person's own profiles. */
export function SandboxSettings() {
  const { data } = useSandboxProfiles();
  const profiles = data?.profiles ?? [];
  return (
    <DialogBody className="gap-6!">
      <Group
        title="New workspaces"
        note="What jobs of workspaces made from now on may do on their host. Each workspace’s own is in its header."
      >
        <ProfileChoice
          label="Sandbox of new workspaces"
          value={data?.defaultProfile ?? NO_SANDBOX}
          onChange={(profile) => void setDefaultProfile(profile)}
        />
      </Group>
      <QuotaGroup />
      <HostChecks profiles={profiles} />
      <Group
        title="Profiles of your own"
        note={
          <>
            Written as <code>[sandbox.profiles.name]</code> in <code className="break-all">{data?.file}</code>
            ; a change counts at once.
          </>
        }
      >
        {data?.problems.map((problem) => (
          <p key={problem} role="alert" className="rounded-ui bg-failed-wash px-3 py-2 break-words">
            {problem}
          </p>
        ))}
        <OwnProfiles profiles={profiles.filter(({ isOwn }) => isOwn)} />
      </Group>
    </DialogBody>
  );
}

function HostChecks({ profiles }: { readonly profiles: readonly SandboxProfile[] }) {
  const hosts = useServerState((state) =>
    Object.values(state.hosts).toSorted((a, b) => a.label.localeCompare(b.label)),
  );
  const [profile, setProfile] = useState('workspace');
  const choices = profiles.filter(({ name }) => name !== NO_SANDBOX);
  return (
    <Group
      title="Hosts"
      note="Tries a sandbox on the host, and tells what to do where it does not work."
      aside={
        <Select
          look="quiet"
          label="Profile to check"
          value={profile}
          onChange={setProfile}
          choices={choices.map(({ name }) => ({ value: name, label: name }))}
        />
      }
    >
      <SetList items={hosts}>
        {(host) => <HostCheck key={`${host.id} ${profile}`} host={host} profile={profile} />}
      </SetList>
    </Group>
  );
}

function OwnProfiles({ profiles }: { readonly profiles: readonly SandboxProfile[] }) {
  if (profiles.length === 0) return <p className="text-text-3">There are none yet.</p>;
  return (
    <SetList items={profiles}>
      {(profile) => (
        <li key={profile.name} className="flex flex-col px-3 py-2">
          <p className="font-medium">{profile.name}</p>
          <p className="text-small text-text-2">{profile.description}</p>
          <p className="text-small text-text-3">{profileFacts(profile).join(' · ')}</p>
          <Paths label="Reads" paths={profile.read} />
          <Paths label="Writes" paths={profile.write} />
          <Paths label="Hides" paths={profile.hide} />
          <Paths label="Sets" paths={profile.variables} />
        </li>
      )}
    </SetList>
  );
}

function Paths({ label, paths }: { readonly label: string; readonly paths: readonly string[] }) {
  if (paths.length === 0) return null;
  return (
    <p className="text-small text-text-3">
      {label} <code className="break-all">{paths.join('  ')}</code>
    </p>
  );
}
