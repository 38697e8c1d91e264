import type { ErrorRow } from './row.ts';

/** Secrets and the key that seals them. */
export const secretErrors = {
  'secret.not_found': {
    message: 'No such secret.',
    hint: 'It may have been removed; look at the list.',
    status: 404,
  },
  'secret.too_large': {
    message: 'The value is larger than 64 KiB.',
    hint: 'Keep large files on the host and give only their key as a secret.',
  },
  'secret.not_text': {
    message: 'The value is not text, so no environment variable can hold it.',
    hint: 'Give it as a file.',
  },
  'secret.in_arguments': {
    message: 'A value in the arguments can be read by every user of this machine.',
    hint: 'Leave it out and type it when asked, or give it by `--from-stdin` or `--file`.',
  },
  'secret.file_not_written': {
    message: 'A secret that is a file could not be written on the host, so nothing was started.',
    hint: 'Check the host’s disk and the owner and mode of its folder for secrets.',
    status: 500,
  },
  'secret.key_unreadable': {
    message: 'The key file of the secrets cannot be used.',
    hint: 'Restore it from a backup; without it the stored secrets cannot be read, only removed and set anew.',
  },
  'secret.key_command_failed': {
    message: 'The command of FARHAND_KEY_COMMAND gave no key.',
    hint: 'Run it in a terminal: it has to print base64 of 32 bytes within 30 seconds and end with 0.',
  },
  'secret.key_invalid': {
    message: 'The key is not base64 of 32 bytes.',
    hint: 'Make one with `openssl rand -base64 32`.',
  },
  'secret.env_invalid': {
    message: 'The file is no `.env` file that can be read.',
    hint: 'Mend the line that it names.',
  },
} as const satisfies Record<string, ErrorRow>;
