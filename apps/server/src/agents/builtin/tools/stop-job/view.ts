import type { StopJobInput } from './schema.ts';

export const stopJobTitle = ({ job }: StopJobInput): string => job;
