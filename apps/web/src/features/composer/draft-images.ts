import type { SessionId } from '@farhand/shared/model/ids';

/** A picture that waits in a composer. `url` is a data: URL, ready to be sent. */
export interface DraftImage {
  readonly id: string;
  readonly name: string;
  readonly url: string;
}

// Pictures are too large for localStorage, which holds the texts.
const DATABASE = 'farhand';
const TABLE = 'draft-images';

async function open(): Promise<IDBDatabase> {
  const asked = indexedDB.open(DATABASE, 1);
  asked.addEventListener('upgradeneeded', () => asked.result.createObjectStore(TABLE));
  return await resultOf(asked);
}

function resultOf<Value>(asked: IDBRequest<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    asked.addEventListener('success', () => resolve(asked.result));
    asked.addEventListener('error', () =>
      reject(asked.error ?? new Error('The storage for pictures was not reached.')),
    );
  });
}

async function within<Value>(
  mode: IDBTransactionMode,
  act: (table: IDBObjectStore) => Promise<Value>,
): Promise<Value> {
  const database = await open();
  try {
    return await act(database.transaction(TABLE, mode).objectStore(TABLE));
  } finally {
    database.close();
  }
}

/** The pictures kept with a session's draft; none where storage cannot be read. */
export async function readDraftImages(sessionId: SessionId): Promise<readonly DraftImage[]> {
  try {
    const stored: unknown = await within('readonly', (table) => resultOf<unknown>(table.get(sessionId)));
    return Array.isArray(stored) ? stored.filter(isImage) : [];
  } catch {
    return [];
  }
}

/** Keeps them over a reload; where storage refuses, they last as long as the page. */
export async function writeDraftImages(sessionId: SessionId, images: readonly DraftImage[]): Promise<void> {
  try {
    await within('readwrite', async (table) => {
      if (images.length === 0) await resultOf(table.delete(sessionId));
      else await resultOf(table.put(images, sessionId));
    });
  } catch {
    // Storage is full or denied: losing the pictures of a draft at a reload is all that follows.
  }
}

const isImage = (value: unknown): value is DraftImage =>
  typeof value === 'object' &&
  value !== null &&
  'id' in value &&
  typeof value.id === 'string' &&
  'name' in value &&
  typeof value.name === 'string' &&
  'url' in value &&
  typeof value.url === 'string';
