/** What is said of one error. */
export interface ErrorRow {
  readonly message: string;
  /** The next step. */
  readonly hint: string;
  /** True where the same call may succeed later with nothing changed by a person. */
  readonly retryable?: boolean;
  /** HTTP status at the API; 400 when absent. */
  readonly status?: number;
}
