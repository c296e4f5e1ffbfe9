/** Lets a request through or not. */
export type Throttle = () => boolean;

/**
 * A token bucket as API Gateway's stage throttling: `rate` requests a second on average, `burst` at once.
 * Runs in real time: it stands for a machine's limit, not for a date.
 */
export function createThrottle(rate: number, burst: number, now: () => number = () => performance.now()): Throttle {
  let tokens = burst;
  let last = now();
  return () => {
    const at = now();
    tokens = Math.min(burst, tokens + ((at - last) / 1000) * rate);
    last = at;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
