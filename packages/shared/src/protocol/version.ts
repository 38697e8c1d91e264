/** Changes when an older page can no longer speak with the server; then the page reloads itself. */
export const PROTOCOL_VERSION = 1;
