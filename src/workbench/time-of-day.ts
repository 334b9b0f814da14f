/** Time of day in UTC with milliseconds, as logs have it; what is no time is given as the number it is. */
export function timeOfDay(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString().slice(11, 23);
}
