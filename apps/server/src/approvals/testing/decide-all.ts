import { createStateFeed } from '../../feed/state-feed.ts';
import { createRedactor } from '../../secrets/redactor.ts';
import { openDatabase } from '../../store/database.ts';
import { createTranscripts } from '../../transcripts/transcripts.ts';
import { createApprovals } from '../create-approvals.ts';

// A process that denies all that is open in a store once it is told to, and prints the ids for which it was the first.
const [file = '', name = ''] = process.argv.slice(2);
const db = openDatabase(file);
const transcripts = createTranscripts({ db });
const secrets = { redactor: () => createRedactor({}) };
const approvals = createApprovals({ db, feed: createStateFeed(), transcripts, secrets });
const open = approvals.open();
process.stdout.write('ready\n');
process.stdin.resume();
process.stdin.on('end', () => {
  const won = open.flatMap(({ id, hash }) => {
    try {
      approvals.decide(
        { approvalId: id, hash, decision: { kind: 'deny', reason: name } },
        { kind: 'cli', name },
      );
      return [id];
    } catch {
      return [];
    }
  });
  process.stdout.write(won.map((id) => `${id}\n`).join(''), () => process.exit(0));
});
