let context: AudioContext | undefined;

/** Browsers are silent until the reader has touched the page; to be called in a press. */
export function unlockSound(): void {
  context ??= new AudioContext();
  void context.resume();
}

/** Two falling tones for critical alerts, one for others; quiet, and nothing where the browser forbids it. */
export function chime(critical: boolean): void {
  if (context === undefined) return;
  const begin = context.currentTime;
  for (const [i, hertz] of (critical ? [880, 660] : [660]).entries()) {
    const at = begin + i * 0.22;
    const tone = new OscillatorNode(context, { frequency: hertz, type: "sine" });
    const loudness = new GainNode(context, { gain: 0 });
    loudness.gain.setValueAtTime(0, at);
    loudness.gain.linearRampToValueAtTime(0.18, at + 0.02);
    loudness.gain.exponentialRampToValueAtTime(0.001, at + 0.2);
    tone.connect(loudness).connect(context.destination);
    tone.start(at);
    tone.stop(at + 0.21);
  }
}
