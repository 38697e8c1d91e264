import type { EditFileInput } from './schema.ts';

export { diffView as editFileView } from '../text-file.ts';

export const editFileTitle = ({ path }: EditFileInput): string => path;
