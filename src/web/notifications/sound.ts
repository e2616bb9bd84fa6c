const SECONDS = 0.18
const LOUDNESS = 0.06

/** A short soft tone, made on the spot: nothing to fetch. Where the browser forbids it, nothing. */
export function chime(): void {
  const context = new AudioContext()
  if (context.state !== "running") {
    void context.close()
    return
  }
  const tone = new OscillatorNode(context, { frequency: 660 })
  const volume = new GainNode(context, { gain: LOUDNESS })
  volume.gain.exponentialRampToValueAtTime(0.001, context.currentTime + SECONDS)
  tone.connect(volume).connect(context.destination)
  tone.onended = () => void context.close()
  tone.start()
  tone.stop(context.currentTime + SECONDS)
}
