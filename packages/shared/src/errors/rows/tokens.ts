import type { ErrorRow } from './row.ts';

/** Errors of tokens, and of programs that call with one. */
export const tokenErrors = {
  'token.not_found': {
    message: 'No such token.',
    hint: 'It may have been revoked; look at the list.',
    status: 404,
  },
  'token.name_taken': {
    message: 'A token of this name is there.',
    hint: 'Choose another name, or revoke the other one first.',
    status: 409,
  },
  'token.expiry_past': {
    message: 'The token would have expired already.',
    hint: 'Give a time in the future, or none.',
  },
  'access.token_invalid': {
    message: 'This token is not good.',
    hint: 'It may be revoked, expired or cut short: make a new one with `farhand token create`.',
    status: 401,
  },
  'access.too_many_wrong': {
    message: 'Too many wrong tokens came from this address.',
    hint: 'Wait a minute, then use one that is good.',
    status: 429,
    retryable: true,
  },
  'access.scope_missing': {
    message: 'The token does not have the scope for this.',
    hint: 'Make a token with the scope that is named, where it should be allowed this.',
    status: 403,
  },
  'access.outside_token': {
    message: 'The token is limited to other hosts or projects.',
    hint: 'Name one of its hosts or projects, or use another token.',
    status: 403,
  },
  'access.not_for_tokens': {
    message: 'This is not for tokens: what it makes would outlive the token.',
    hint: 'Do it in the page’s settings, or with `farhand` on the server’s machine.',
    status: 403,
  },
  'request.cancelled': {
    message: 'The request was withdrawn.',
    hint: 'Ask again where the answer is still wanted.',
  },
  'file.not_text': {
    message: 'The file is not text.',
    hint: 'Read it as base64.',
  },
  'file.write_denied': {
    message: 'The policy does not allow this write.',
    hint: 'Ask the person whose policy it is.',
    status: 403,
  },
  'file.write_not_found': {
    message: 'No write was asked about by this approval.',
    hint: 'Give the `approvalId` that the write answered with; the newest 500 are kept.',
    status: 404,
  },
  'file.write_not_decided': {
    message: 'Nobody answered whether the file may be written.',
    hint: 'Write it again when somebody can answer.',
  },
  'file.write_changed': {
    message: 'The file was changed by somebody else while a person was asked, so it was not written.',
    hint: 'Read it again, and write it anew where that is still wanted.',
    status: 409,
  },
  'file.too_many_writes': {
    message: 'Too many writes wait to be allowed, or for their host.',
    hint: 'Answer what waits first.',
    retryable: true,
    status: 429,
  },
} as const satisfies Record<string, ErrorRow>;
