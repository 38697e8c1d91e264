import { ChevronLeft, PanelLeft } from 'lucide-react';
import { useIsPhone } from '@/client/use-media.ts';
import { showWorkspace, toggleSidebar, useLayout } from '@/client/view-store.ts';
import { IconButton } from '@/ui/button.tsx';
import { KEYMAP } from '../keys/keymap.ts';

/** First in the line above what the window shows: hides and shows the sidebar; on a phone it goes back to the list. */
export function PlaceButton() {
  const isPhone = useIsPhone();
  const isOpen = useLayout((layout) => layout.isSidebarOpen);
  if (isPhone)
    return (
      <IconButton label="Back to the list" onClick={() => showWorkspace(null)}>
        <ChevronLeft aria-hidden="true" className="size-4" />
      </IconButton>
    );
  return (
    <IconButton
      label={isOpen ? 'Hide the sidebar' : 'Show the sidebar'}
      keys={KEYMAP['sidebar.toggle'].keys}
      aria-expanded={isOpen}
      onClick={toggleSidebar}
    >
      <PanelLeft aria-hidden="true" className="size-4" />
    </IconButton>
  );
}
