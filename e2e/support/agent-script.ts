import type { ModelRequest, ModelStep } from '@farhand/shared/testing/model-server';
import { PRINT_EVERYTHING } from './print-everything.ts';
import { REPAIR } from './repository.ts';

const call = (name: string, input: unknown): ModelStep => ({
  call: { name, arguments: input },
  chunks: 4,
});
const say = (text: string): ModelStep => ({ text, chunks: 12, delayMs: 5 });
const USED: ModelStep = { usage: { input: 1200, output: 80 } };

/** What the model answers, by the person's message: each list holds the answers of one turn in order. */
const TURNS: readonly { readonly asked: RegExp; readonly answers: readonly (readonly ModelStep[])[] }[] = [
  {
    asked: /repair the discount/i,
    answers: [
      [say('I will run the tests first, to see what fails.'), call('bash', { command: 'npm test' }), USED],
      [call('read_file', { path: 'src/cart.js' }), USED],
      [
        say('The discount is in percent, but the code takes it off in cents.'),
        call('edit_file', { path: 'src/cart.js', old_text: REPAIR.wrong, new_text: REPAIR.right }),
        USED,
      ],
      [call('bash', { command: 'npm test' }), USED],
      [say('The discount is now taken off **in percent**. All tests pass.'), USED],
    ],
  },
  {
    asked: /count to (\d+)/i,
    answers: [
      [
        say('I will count.'),
        call('bash', { command: 'for i in $(seq 1 LIMIT); do echo "tick $i"; sleep 0.2; done' }),
        USED,
      ],
      [say('I counted to LIMIT.'), USED],
    ],
  },
  {
    asked: /sleep for ever/i,
    answers: [
      [
        say('I will sleep.'),
        call('bash', { command: 'echo asleep; exec sleep 98765', timeout_ms: 600_000 }),
        USED,
      ],
    ],
  },
  {
    asked: /publish as (\S+)/i,
    answers: [
      [
        say('I will publish it.'),
        call('bash', { command: 'echo published as LIMIT >> published.txt; cat published.txt' }),
        USED,
      ],
      [say('That was the publishing.'), USED],
    ],
  },
  {
    asked: /restart the service (\w+)/i,
    answers: [
      [
        say('I will ask for the restart.'),
        call('bash', { command: 'farhand-op restart --service LIMIT; echo "ended with $?"' }),
        USED,
      ],
      [say('The service was restarted.'), USED],
    ],
  },
  {
    asked: /keep a note/i,
    answers: [
      [call('bash', { command: 'echo "note of $(basename "$PWD")" > NOTES.md' }), USED],
      [call('edit_file', { path: 'src/cart.js', old_text: REPAIR.wrong, new_text: REPAIR.right }), USED],
      [say('The note is written.'), USED],
    ],
  },
  {
    asked: /put the word (\w+) into the diary/i,
    answers: [
      [call('write_file', { path: 'diary.txt', content: 'LIMIT\n' }), USED],
      [call('bash', { command: 'echo LIMIT >> log.txt' }), USED],
      [say('LIMIT is in the diary.'), USED],
    ],
  },
  {
    asked: /look outside/i,
    answers: [
      [
        call('bash', { command: 'cat ~/outside.txt; echo x >~/made.txt; echo x >made-inside.txt; ls -A ~' }),
        USED,
      ],
      [say('I looked outside.'), USED],
    ],
  },
  { asked: /remember the word (\S+)/i, answers: [[say('I remember the word LIMIT'), USED]] },
  { asked: /good evening/i, answers: [[say('A good evening to you.'), USED]] },
  {
    asked: /print everything/i,
    answers: [
      [call('bash', { command: PRINT_EVERYTHING }), USED],
      [say('Everything was printed.'), USED],
    ],
  },
  {
    asked: /show the secret/i,
    answers: [
      [
        call('bash', {
          command: 'echo "the token is $SHOP_TOKEN"; env | grep -c SHOP_TOKEN; cat .env-copy 2>/dev/null',
        }),
        USED,
      ],
      [say('The token was printed.'), USED],
    ],
  },
];

/** The scripted model of all journeys; several conversations may run at once. */
export function answer(request: ModelRequest): readonly ModelStep[] {
  for (const { asked, answers } of TURNS) {
    const match = asked.exec(request.lastUserText);
    const steps = match && answers[request.step];
    if (steps) return JSON.parse(JSON.stringify(steps).replaceAll('LIMIT', match[1] ?? '')) as ModelStep[];
  }
  return [say('I do not know what to do with that.'), USED];
}
