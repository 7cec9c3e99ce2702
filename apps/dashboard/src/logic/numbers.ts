/** `1,234,567`: a count of machines, to the last one. */
export function whole(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** In the place of a small label: `987`, `1.2k`, `35k`, `1.2M`. Never rounded up to what is not there. */
export function short(count: number): string {
  if (count < 1000) return String(count);
  const [unit, size] = count < 1_000_000 ? ['k', 1000] : ['M', 1_000_000];
  const scaled = count / size;
  return `${scaled < 10 ? Math.floor(scaled * 10) / 10 : Math.floor(scaled)}${unit}`;
}

/** `1 machine`, `2 machines`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${whole(count)} ${count === 1 ? one : many}`;
}

/** A rate: `0.25`, `3.1`, `120`. */
export function rate(perMinute: number): string {
  if (perMinute === 0) return '0';
  if (perMinute < 0.01) return '<0.01';
  return perMinute < 10 ? perMinute.toFixed(perMinute < 1 ? 2 : 1) : whole(Math.round(perMinute));
}
