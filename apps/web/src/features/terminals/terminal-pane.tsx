import '@xterm/xterm/css/xterm.css';
import './ansi-palette.css';
import './terminal.css';
import type { TerminalId } from '@farhand/shared/model/ids';
import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { useTerminal, useWorkspace } from '@/client/state-store.ts';
import { Button } from '@/ui/button.tsx';
import { Dialog, DialogBody, DialogFooter } from '@/ui/dialog.tsx';
import { showError } from '@/ui/toast.tsx';
import { exitStatus } from '../transcript/tool-line.ts';
import type { LiveTerminal, TerminalView } from './live-terminal.ts';
import { liveTerminal } from './live-terminals.ts';
import { charactersText, LostBar } from './lost-bar.tsx';
import { TerminalSearch } from './terminal-search.tsx';
import { openLink } from './wiring.ts';

interface TerminalPaneProps {
  readonly terminalId: TerminalId;
  readonly isActive: boolean;
  /** Told what the program calls itself. */
  onTitle(title: string | null): void;
}

/** A true terminal on the workspace's host. */
export default function TerminalPane({ terminalId, isActive, onTitle }: TerminalPaneProps) {
  const [live, setLive] = useState<LiveTerminal | null>(null);
  const screen = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let isGone = false;
    const parent = screen.current;
    // xterm measures its letters when it opens: with the fallback font they would have the wrong width.
    void document.fonts.load('13px "JetBrains Mono Variable"').finally(() => {
      if (isGone || !parent) return;
      const terminal = liveTerminal(terminalId);
      terminal.show(parent);
      setLive(terminal);
    });
    return () => {
      isGone = true;
      setLive((shown) => {
        shown?.hide();
        return null;
      });
    };
  }, [terminalId]);
  useEffect(() => {
    if (isActive) live?.focus();
  }, [live, isActive]);
  useName(terminalId, screen, live);
  return (
    <section aria-label="Terminal" data-keys="terminal" className="relative flex h-full flex-col bg-pane">
      <div ref={screen} className="min-h-0 flex-1" />
      {live && <Around live={live} terminalId={terminalId} onTitle={onTitle} />}
    </section>
  );
}

function useName(
  terminalId: TerminalId,
  screen: React.RefObject<HTMLDivElement | null>,
  live: LiveTerminal | null,
): void {
  const terminal = useTerminal(terminalId);
  const workspace = useWorkspace(terminal?.workspaceId ?? ('' as never));
  const name = `Terminal in ${workspace?.name ?? 'a workspace'}`;
  useEffect(() => {
    if (live) screen.current?.querySelector('textarea')?.setAttribute('aria-label', name);
  }, [live, name, screen]);
}

function Around({
  live,
  terminalId,
  onTitle,
}: {
  readonly live: LiveTerminal;
  readonly terminalId: TerminalId;
  onTitle(title: string | null): void;
}) {
  const view = useStore(live.view);
  const { title } = view;
  useEffect(() => onTitle(title), [title, onTitle]);
  return (
    <>
      {view.isSearching && <TerminalSearch live={live} />}
      {view.hovered && <p className="terminal-link">Ctrl/⌘ + click opens {view.hovered}</p>}
      <Bar view={view} terminalId={terminalId} onDiscard={live.discardTyped} />
      {view.asked && <AskLink live={live} target={view.asked} />}
    </>
  );
}

interface BarProps {
  readonly view: TerminalView;
  readonly terminalId: TerminalId;
  onDiscard(): void;
}

function Bar({ view, terminalId, onDiscard }: BarProps) {
  const close = () =>
    void call('terminal.close', { terminalId }).catch((error: unknown) =>
      showError('The terminal was not closed', error),
    );
  if (view.link === 'ended') {
    return (
      <output className="terminal-bar">
        <span className="flex-1">
          The shell has ended{view.exit ? ` · ${exitStatus(view.exit).label}` : ''}
          {view.typed.text && ` · ${charactersText(view.typed)} were not sent`}
        </span>
        <Button size="small" onClick={close}>
          Close
        </Button>
      </output>
    );
  }
  // Keys that wait are the first sign of it, and the only one while no output is missed.
  if (view.link === 'contact_lost' || view.heldBytes > 0) {
    const { typed, heldBytes } = view;
    return <LostBar terminalId={terminalId} typed={typed} heldBytes={heldBytes} onDiscard={onDiscard} />;
  }
  if (view.error) return <Failed what="The terminal cannot be shown" error={view.error} />;
  return view.refused && <Failed what="Keys did not arrive" error={view.refused} />;
}

function Failed({ what, error }: { readonly what: string; readonly error: ApiError }) {
  return (
    <div role="alert" className="terminal-bar terminal-bar-failed">
      <span className="min-w-0 flex-1">
        {what}: {error.message} {error.hint}
      </span>
      <code className="text-small text-text-3">{error.code}</code>
    </div>
  );
}

function AskLink({ live, target }: { readonly live: LiveTerminal; readonly target: string }) {
  const close = () => live.view.setState({ asked: null });
  return (
    <Dialog
      title="Open this link?"
      description="A program in the terminal made it; its words may differ from its target."
      onClose={close}
    >
      <DialogBody>
        <code className="block rounded-ui bg-app p-2 text-small break-all text-text">{target}</code>
      </DialogBody>
      <DialogFooter>
        <Button onClick={close}>Cancel</Button>
        <Button
          variant="primary"
          onClick={() => {
            openLink(target);
            close();
          }}
        >
          Open
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
