import type { TerminalId } from '@farhand/shared/model/ids';
import type { Exit } from '@farhand/shared/model/terminals';
import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { WebglAddon } from '@xterm/addon-webgl';
import { Terminal } from '@xterm/xterm';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { ApiError } from '@/client/api-error.ts';
import { areTerminalsReadable, watchAppearance } from '@/client/appearance.ts';
import { formatBytes } from '@/client/bytes.ts';
import { subscribe, terminalInput, terminalResize } from '@/client/socket.ts';
import { Clamp } from './clamp.ts';
import { inputParts, withoutTrailingBlanks } from './host-text.ts';
import { MarkLimit } from './marks.ts';
import { advanceReplay, isReport, isSent, REPLAY_QUIET_MS, startReplay } from './replay.ts';
import { terminalTheme, watchTheme } from './theme.ts';
import { NOTHING_TYPED, type TypedAhead, typeAhead } from './typed-ahead.ts';
import { wireTerminal } from './wiring.ts';

/** What stands around a terminal's screen. */
export interface TerminalView {
  readonly link: 'connecting' | 'attached' | 'contact_lost' | 'ended';
  readonly exit: Exit | null;
  /** What was typed while contact is lost. */
  readonly typed: TypedAhead;
  /** Keys that left the page before that and wait at the server. */
  readonly heldBytes: number;
  /** Why the last keys did not arrive. */
  readonly refused: ApiError | null;
  /** Why the terminal cannot be watched. */
  readonly error: ApiError | null;
  /** What the program calls itself; cleaned. */
  readonly title: string | null;
  /** A link that the person clicked and that waits for their yes. */
  readonly asked: string | null;
  /** The target of the link under the pointer. */
  readonly hovered: string | null;
  readonly isSearching: boolean;
}

/** A terminal that lives on while its pane is out of sight: it takes in output and draws nothing. */
export interface LiveTerminal {
  readonly view: StoreApi<TerminalView>;
  readonly search: SearchAddon;
  readonly isShown: () => boolean;
  show(parent: HTMLElement): void;
  hide(): void;
  focus(): void;
  /** Throws away what was typed while contact is lost. */
  discardTyped(): void;
  dispose(): void;
}

// Dragging a border gives a size per frame; the program on the host redraws for each that it is told.
const RESIZE_AFTER_MS = 100;
const SCROLLBACK_LINES = 10_000;

/** Opens xterm for a terminal and watches it; `isNew` when it was opened by this page just now. */
export function createLiveTerminal(id: TerminalId, isNew: boolean): LiveTerminal {
  const element = document.createElement('div');
  element.className = 'terminal-screen';
  const view = createStore<TerminalView>(() => ({
    link: 'connecting',
    exit: null,
    typed: NOTHING_TYPED,
    heldBytes: 0,
    refused: null,
    error: null,
    title: null,
    asked: null,
    hovered: null,
    isSearching: false,
  }));
  const xterm = new Terminal({
    allowProposedApi: true,
    scrollback: SCROLLBACK_LINES,
    fontFamily: '"JetBrains Mono Variable", monospace',
    fontSize: 13,
    lineHeight: 1.25,
    cursorBlink: false,
    macOptionIsMeta: true,
    minimumContrastRatio: 4.5,
    screenReaderMode: areTerminalsReadable(),
    theme: terminalTheme(),
  });
  const fit = new FitAddon();
  const search = new SearchAddon();
  xterm.loadAddon(fit);
  xterm.loadAddon(search);
  wireTerminal(xterm, view);

  const keys = sendKeys(id, view, isNew);
  xterm.onData(keys.typed);
  const stopWatching = watchOutput(id, { xterm, view, drew: keys.drew, attached: keys.attached });
  const stopTheme = watchTheme(() => (xterm.options.theme = terminalTheme()));
  const stopAppearance = watchAppearance(() => {
    xterm.options.screenReaderMode = areTerminalsReadable();
  });
  const stopResize = tellSize(id, xterm, view);
  const copy = copyWithoutBlanks(element, xterm);
  const screen = screenOf(element, xterm, fit);

  return {
    view,
    search,
    ...screen,
    focus: () => xterm.focus(),
    discardTyped() {
      view.setState({ typed: NOTHING_TYPED });
      xterm.focus();
    },
    dispose() {
      for (const stop of [stopWatching, stopTheme, stopAppearance, stopResize, copy, keys.stop, screen.hide])
        stop();
      xterm.dispose();
    },
  };
}

type Screen = Pick<LiveTerminal, 'show' | 'hide' | 'isShown'>;

function screenOf(element: HTMLElement, xterm: Terminal, fit: FitAddon): Screen {
  let webgl: WebglAddon | null = null;
  let isOpened = false;
  const observer = new ResizeObserver(() => {
    if (element.clientWidth > 0 && element.clientHeight > 0) fit.fit();
  });
  // A browser gives a page about sixteen WebGL contexts: only what is looked at has one.
  const dropWebgl = () => {
    webgl?.dispose();
    webgl = null;
  };
  const takeWebgl = () => {
    try {
      webgl = new WebglAddon();
      webgl.onContextLoss(dropWebgl);
      xterm.loadAddon(webgl);
    } catch {
      // Without WebGL xterm draws by its DOM renderer.
      webgl = null;
    }
  };
  return {
    isShown: () => element.isConnected,
    show(parent) {
      parent.append(element);
      if (!isOpened) xterm.open(element);
      isOpened = true;
      takeWebgl();
      observer.observe(element);
    },
    hide() {
      observer.disconnect();
      dropWebgl();
      element.remove();
    },
  };
}

interface Keys {
  typed(text: string): void;
  /** Output was drawn: the replay is over once nothing more comes. */
  drew(): void;
  /** Contact is there: what was typed without it goes now. */
  attached(): void;
  stop(): void;
}

function sendKeys(id: TerminalId, view: StoreApi<TerminalView>, isNew: boolean): Keys {
  let replay = startReplay(isNew);
  let quiet: ReturnType<typeof setTimeout> | undefined;
  const refused = (error: unknown) => view.setState({ refused: ApiError.from(error) });
  const arrived = () => {
    if (view.getState().refused) view.setState({ refused: null });
  };
  const send = (text: string) => {
    for (const part of inputParts(text)) terminalInput(id, part).then(arrived, refused);
  };
  return {
    typed(text) {
      const { link, typed } = view.getState();
      if (link === 'contact_lost') return view.setState({ typed: typeAhead(typed, text) });
      if (!isSent(replay, text) || link !== 'attached') return;
      if (!isReport(text)) replay = advanceReplay(replay, { kind: 'typed' });
      send(text);
    },
    attached() {
      const { text } = view.getState().typed;
      view.setState({ typed: NOTHING_TYPED });
      send(text);
    },
    drew() {
      if (!replay.isActive) return;
      clearTimeout(quiet);
      quiet = setTimeout(() => (replay = advanceReplay(replay, { kind: 'quiet' })), REPLAY_QUIET_MS);
    },
    stop: () => clearTimeout(quiet),
  };
}

interface Drawing {
  readonly xterm: Terminal;
  readonly view: StoreApi<TerminalView>;
  drew(): void;
  attached(): void;
}

function watchOutput(id: TerminalId, { xterm, view, drew, attached }: Drawing): () => void {
  const clamp = new Clamp();
  const marks = new MarkLimit();
  return subscribe(
    { kind: 'terminal', terminalId: id, after: -1 },
    {
      // Resolved when drawn, which acknowledges the bytes: a slow page holds the server back, not its own memory.
      onOutput: (_offset, bytes) =>
        new Promise((resolve) =>
          xterm.write(clamp.push(marks.push(bytes)), () => {
            drew();
            resolve();
          }),
        ),
      onMissed: (from, to) =>
        xterm.write(`\r\n\u001b[0;2m[ ${formatBytes(to - from)} of output were not kept ]\u001b[0m\r\n`),
      onState(link, exit, heldBytes) {
        const before = view.getState();
        const isNewsOfKeys = link === before.link && heldBytes !== before.heldBytes;
        view.setState({ heldBytes });
        // Nothing else has changed: a size that is told again makes the shell draw its prompt again.
        if (isNewsOfKeys) return;
        view.setState({ link, exit, error: null, refused: null });
        xterm.options.disableStdin = link !== 'attached' && link !== 'contact_lost';
        if (link !== 'attached') return;
        drew();
        attached();
        terminalResize(id, { rows: xterm.rows, cols: xterm.cols });
      },
      onError: (error) => view.setState({ error }),
    },
  );
}

function tellSize(id: TerminalId, xterm: Terminal, view: StoreApi<TerminalView>): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  xterm.onResize(({ rows, cols }) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (view.getState().link === 'attached') terminalResize(id, { rows, cols });
    }, RESIZE_AFTER_MS);
  });
  return () => clearTimeout(timer);
}

function copyWithoutBlanks(element: HTMLElement, xterm: Terminal): () => void {
  const copy = (event: ClipboardEvent) => {
    if (!xterm.hasSelection()) return;
    event.clipboardData?.setData('text/plain', withoutTrailingBlanks(xterm.getSelection()));
    event.preventDefault();
    event.stopPropagation();
  };
  // In the capture phase: before xterm's own listener, which copies the blanks also.
  element.addEventListener('copy', copy, { capture: true });
  return () => element.removeEventListener('copy', copy, { capture: true });
}
