import type { ToolView } from '@farhand/shared/model/transcripts';
import type { Hit } from './commands.ts';
import type { SearchInput } from './schema.ts';

export const searchTitle = ({ pattern, path, glob }: SearchInput): string =>
  [pattern, path && `in ${path}`, glob].filter(Boolean).join(' ');

export const searchView = (hits: readonly Hit[]): ToolView => ({ kind: 'hits', hits: [...hits] });
