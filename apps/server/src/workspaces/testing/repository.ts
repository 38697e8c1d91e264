/** Real git repositories for tests. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export interface TestRepository {
  readonly path: string;
  git(...args: string[]): string;
  write(file: string | Buffer, text: string | Buffer, mode?: number): void;
  /** Commits many files that are in no folder: far sooner than `write` and `commit`. Texts of ASCII. */
  importFiles(files: readonly { readonly file: string; readonly text: string }[]): void;
  /** All files as they are; gives the commit. */
  commit(message: string): string;
}

/** An empty repository with the branch `main`; `home` keeps the person's own git config out. */
export function makeRepository(folder: string, home: string): TestRepository {
  mkdirSync(folder, { recursive: true });
  const env = { PATH: process.env.PATH, HOME: home, GIT_CONFIG_NOSYSTEM: '1' };
  const git = (...args: string[]) =>
    execFileSync('git', args, {
      cwd: folder,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  git('init', '-q', '-b', 'main');
  git('config', 'user.name', 'Ada Example');
  git('config', 'user.email', 'ada@example.org');
  return {
    path: folder,
    git,
    write(file, text, mode = 0o644) {
      const full = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(file)]);
      if (typeof file === 'string') mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(full, text, { mode });
    },
    importFiles(files) {
      const author = 'Ada Example <ada@example.org> now';
      const lines = files.map(({ file, text }) => `M 100644 inline ${file}\ndata ${text.length}\n${text}\n`);
      const stream = `commit refs/heads/main\ncommitter ${author}\ndata 0\n${lines.join('')}\n`;
      const options = ['fast-import', '--quiet', '--date-format=now'];
      execFileSync('git', options, { cwd: folder, env, input: stream, stdio: ['pipe', 'pipe', 'pipe'] });
    },
    commit(message) {
      git('add', '--all');
      git('commit', '-q', '--allow-empty', '-m', message);
      return git('rev-parse', 'HEAD');
    },
  };
}
