type Variables = Readonly<Record<string, string | undefined>>;

const MODEL_KEYS = ['ANTHROPIC_API_KEY', 'OPENAI_API_KEY', 'GOOGLE_GENERATIVE_AI_API_KEY', 'GEMINI_API_KEY'];

/** The server's environment for programs that it starts on this machine (git, ssh): without model keys and its own settings. */
export function childEnvironment(environment: Variables): Variables {
  const isOurs = (name: string) => name.startsWith('FARHAND_') || MODEL_KEYS.includes(name);
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !isOurs(name)));
}
