import type { ProjectId } from '@farhand/shared/model/ids';
import { useState } from 'react';
import { closeDialog, type SettingsPart } from '@/client/view-store.ts';
import { Dialog } from '@/ui/dialog.tsx';
import { Tabs } from '@/ui/tabs.tsx';
import { AppearanceSettings } from './appearance-settings.tsx';
import { ModelSettings } from './model-settings.tsx';
import { SecretSettings } from './secret-settings.tsx';

interface SettingsDialogProps {
  readonly part: SettingsPart;
  /** Whose secrets are shown first. */
  readonly projectId: ProjectId | undefined;
}

/** Models, secrets and appearance. */
export default function SettingsDialog({ part, projectId }: SettingsDialogProps) {
  const [shown, setShown] = useState<SettingsPart>(part);
  return (
    <Dialog title="Settings" onClose={closeDialog} width="wide">
      <div className="flex h-[36rem] min-h-0 flex-col phone:h-auto phone:flex-1">
        <Tabs
          label="Settings"
          value={shown}
          onChange={setShown}
          tabs={[
            { value: 'models', label: 'Models', content: <ModelSettings /> },
            { value: 'secrets', label: 'Secrets', content: <SecretSettings initialProject={projectId} /> },
            { value: 'appearance', label: 'Appearance', content: <AppearanceSettings /> },
          ]}
        />
      </div>
    </Dialog>
  );
}
