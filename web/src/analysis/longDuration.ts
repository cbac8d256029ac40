/** Seconds as days, hours, minutes and seconds. */
export function durationOf(seconds: number): { days: number; hours: number; minutes: number; seconds: number } {
  const whole = Math.max(0, Math.round(seconds));
  return { days: Math.floor(whole / 86_400), hours: Math.floor(whole / 3_600) % 24, minutes: Math.floor(whole / 60) % 60, seconds: whole % 60 };
}
