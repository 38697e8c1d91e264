import { QueryClientProvider } from '@tanstack/react-query';
import { useConnection } from '@/client/connection-store.ts';
import { startPreferences } from '@/client/preferences.ts';
import { queryClient } from '@/client/query.ts';
import { startSocket } from '@/client/socket.ts';
import { startStateStore } from '@/client/state-store.ts';
import { useIsPhone } from '@/client/use-media.ts';
import { startViewStore, useLayout, useView } from '@/client/view-store.ts';
import { Toasts } from '@/ui/toasts.tsx';
import { TooltipProvider } from '@/ui/tooltip.tsx';
import { startInbox } from '../inbox/inbox-store.ts';
import { useNeedsYouCommands } from '../inbox/use-needs-you.ts';
import { useKeys } from '../keys/use-keys.ts';
import { useAttention } from '../notifications/use-attention.ts';
import { Sidebar } from '../sidebar/sidebar.tsx';
import { useFirstMessages } from '../workspaces/first-message.ts';
import { ConnectionBar } from './connection-bar.tsx';
import { Dialogs } from './dialogs.tsx';
import { MainArea } from './main-area.tsx';
import { SignedOut } from './signed-out.tsx';
import { StatusLine } from './status-line.tsx';
import { useWindowCommands } from './use-window-commands.ts';

// Once for the page: this module is only ever loaded in a browser, and React may mount the component twice.
startViewStore();
startStateStore();
startSocket();
startPreferences();
startInbox();

/** The whole window: sidebar, main area and inspector above the status line. */
export default function App() {
  const isSignedOut = useConnection(({ connection }) => connection.state === 'signed_out');
  return (
    <QueryClientProvider client={queryClient}>
      <TooltipProvider>
        {isSignedOut ? <SignedOut /> : <Window />}
        <Toasts />
      </TooltipProvider>
    </QueryClientProvider>
  );
}

function Window() {
  const isPhone = useIsPhone();
  const isSidebarOpen = useLayout((layout) => layout.isSidebarOpen);
  const hasMain = useView(
    (view) =>
      view.workspaceId !== null || view.comparisonId !== null || view.boardId !== null || view.isAudit,
  );
  return (
    <div className="flex h-dvh flex-col">
      <WindowEffects />
      <ConnectionBar />
      <div className="flex min-h-0 flex-1">
        {isPhone
          ? !hasMain && (
              <div className="min-w-0 flex-1">
                <Sidebar />
              </div>
            )
          : isSidebarOpen && (
              <div className="w-64 shrink-0 border-r border-hairline">
                <Sidebar />
              </div>
            )}
        {(!isPhone || hasMain) && <MainArea />}
      </div>
      <StatusLine />
      <Dialogs />
    </div>
  );
}

// By itself, for it is drawn anew with each thing that needs the person, and the window need not be.
function WindowEffects() {
  useKeys();
  useWindowCommands();
  useNeedsYouCommands();
  useFirstMessages();
  useAttention();
  return null;
}
