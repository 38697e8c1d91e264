import { expect, it } from 'vitest';
import { childEnvironment } from './child-environment.ts';

it('keeps what a login has, and holds back the keys of models and all settings of the server', () => {
  const given = {
    PATH: '/bin',
    SSH_AUTH_SOCK: '/run/agent',
    ANTHROPIC_API_KEY: 'a',
    OPENAI_API_KEY: 'b',
    GEMINI_API_KEY: 'c',
    GOOGLE_GENERATIVE_AI_API_KEY: 'd',
    FARHAND_MODEL_KEY: 'e',
    FARHAND_MODEL_BASE_URL: 'http://user:password@127.0.0.1/',
    FARHAND_HOME: '/far',
  };
  expect(childEnvironment(given)).toEqual({ PATH: '/bin', SSH_AUTH_SOCK: '/run/agent' });
});
