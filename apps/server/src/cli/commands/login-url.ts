import type { Command } from 'commander';
import type { ContextOf } from '../context.ts';

/** `farhand login-url`: a fresh link into the running server. */
export function addLoginUrl(program: Command, contextOf: ContextOf): void {
  program
    .command('login-url')
    .description('print a fresh link that signs a browser in, once')
    .action(async (_options: unknown, command: Command) => {
      const { call, output } = contextOf(command);
      const { url } = await call('access.login_url', {});
      output.result(url, { url });
    });
}
