import { createStore } from 'zustand/vanilla';
import { ApiError } from '@/client/api-error.ts';

/** The facts of an error as text to paste into a report. */
export function errorDetails(
  error: Pick<ApiError, 'code' | 'message' | 'hint'> & { readonly details?: unknown },
): string {
  const details =
    error.details && Object.keys(error.details).length > 0 ? [JSON.stringify(error.details, null, 2)] : [];
  return [`${error.code}: ${error.message}`, ...(error.hint ? [error.hint] : []), ...details].join('\n');
}

/** A button of a toast. */
export interface ToastAction {
  readonly label: string;
  readonly run: () => void;
}

interface Toast {
  readonly title: string;
  readonly text: string | null;
  /** Null where nothing failed. */
  readonly error: ApiError | null;
  readonly action?: ToastAction | null;
}

/** What is still to be shown. What draws it is loaded with the first: most pages never show one. */
export const toastStore = createStore<{ readonly waiting: readonly Toast[] }>(() => ({ waiting: [] }));

/** The toasts that wait, for the one who shows them now. */
export function takeToasts(): readonly Toast[] {
  const { waiting } = toastStore.getState();
  if (waiting.length > 0) toastStore.setState({ waiting: [] });
  return waiting;
}

/** Shows what failed and what to do; `what` says what was tried, as `The workspace was not deleted`. */
export function showError(what: string, thrown: unknown): void {
  const error = ApiError.from(thrown);
  show({ title: `${what}: ${error.message}`, text: error.hint, error });
}

/** Says what was done where nothing else on the page shows it. */
export function showNote(title: string, text: string | null = null, action: ToastAction | null = null): void {
  show({ title, text, error: null, action });
}

const show = (toast: Toast): void => toastStore.setState(({ waiting }) => ({ waiting: [...waiting, toast] }));
