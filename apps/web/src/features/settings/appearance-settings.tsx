import {
  setReadableTerminals,
  setTextSize,
  setTheme,
  useReadableTerminals,
  useTextSize,
  useTheme,
} from '@/client/appearance.ts';
import { DialogBody } from '@/ui/dialog.tsx';
import { Segmented } from '@/ui/segmented.tsx';

/** The theme and the text size; kept in this browser. */
export function AppearanceSettings() {
  return (
    <DialogBody className="gap-6!">
      <Segmented
        label="Theme"
        value={useTheme()}
        onChange={setTheme}
        choices={[
          { value: 'system', label: 'System' },
          { value: 'dark', label: 'Dark' },
          { value: 'light', label: 'Light' },
        ]}
      />
      <Segmented
        label="Text size"
        value={useTextSize()}
        onChange={setTextSize}
        choices={[
          { value: 'small', label: 'Small' },
          { value: 'normal', label: 'Normal' },
          { value: 'large', label: 'Large' },
        ]}
      />
      <Segmented
        label="Terminals for screen readers"
        value={useReadableTerminals() ? 'on' : 'off'}
        onChange={(value) => setReadableTerminals(value === 'on')}
        choices={[
          { value: 'off', label: 'Off' },
          { value: 'on', label: 'On' },
        ]}
      />
      <p className="text-small text-text-3">Kept in this browser only.</p>
    </DialogBody>
  );
}
