import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './api-error.ts';

const MOST_RETRIES = 2;

/** What calls answered that `state` does not carry: branches, models, secrets, changes. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      refetchOnWindowFocus: false,
      staleTime: 10_000,
      retry: (count, error) => count < MOST_RETRIES && ApiError.from(error).retryable,
    },
  },
});
