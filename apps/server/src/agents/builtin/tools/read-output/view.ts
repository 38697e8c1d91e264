import type { ReadOutputInput } from './schema.ts';

export const readOutputTitle = ({ job, offset = 0 }: ReadOutputInput): string =>
  offset > 0 ? `${job} from byte ${offset}` : job;
