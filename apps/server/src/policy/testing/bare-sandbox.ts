const PLACES = '--ro-bind / / --dev /dev --proc /proc --tmpfs /tmp --tmpfs /run';
const LIMITS = '--unshare-net --unshare-pid --die-with-parent --new-session';

/** Words for `bwrap`: the machine to read, nowhere to write but `/tmp` and `/run`, no network, and an end with the test. */
export const BARE: readonly string[] = `${PLACES} ${LIMITS}`.split(' ');
