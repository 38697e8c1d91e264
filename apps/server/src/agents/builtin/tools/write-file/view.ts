import type { WriteFileInput } from './schema.ts';

export { diffView as writeFileView } from '../text-file.ts';

export const writeFileTitle = ({ path }: WriteFileInput): string => path;
