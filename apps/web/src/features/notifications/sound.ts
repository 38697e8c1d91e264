// Two soft notes, a fourth apart, in Hz; a third of a second in all.
const NOTES = [660, 880] as const;
const NOTE_S = 0.16;
const LOUDNESS = 0.08;
// Several pages of one person hear the same news: within this time one sound is enough.
const QUIET_MS = 3000;

let context: AudioContext | null = null;
let lastAt = 0;

/** Plays the short sound that something needs the person. A browser that nobody has touched yet keeps silent. */
export function chime(): void {
  if (Date.now() - lastAt < QUIET_MS || typeof AudioContext === 'undefined') return;
  lastAt = Date.now();
  context ??= new AudioContext();
  const { currentTime, destination } = context;
  void context.resume().catch(() => undefined);
  for (const [at, frequency] of NOTES.entries()) {
    const start = currentTime + at * NOTE_S;
    const note = new OscillatorNode(context, { type: 'sine', frequency });
    const loudness = new GainNode(context, { gain: 0 });
    // It swells and fades: a tone that begins at once clicks.
    loudness.gain.setValueAtTime(0, start);
    loudness.gain.linearRampToValueAtTime(LOUDNESS, start + 0.02);
    loudness.gain.exponentialRampToValueAtTime(0.0001, start + NOTE_S * 1.6);
    note.connect(loudness).connect(destination);
    note.start(start);
    note.stop(start + NOTE_S * 1.6);
  }
}
