import type { ToolView } from '@farhand/shared/model/transcripts';
import type { ListFilesInput } from './schema.ts';

export const listFilesTitle = ({ path = '.', recursive }: ListFilesInput): string =>
  recursive ? `${path}/**` : path;

export const listFilesView = (entries: readonly string[]): ToolView => ({
  kind: 'list',
  entries: [...entries],
});
