let pending = '';

/** Hands everything written to stdout and stderr to `send`, line by line and in order with the other messages. */
export function captureOutput(send: (text: string) => void): { flush(): void } {
  const take = (chunk: unknown, encoding?: unknown, done?: unknown): boolean => {
    pending += typeof chunk === 'string' ? chunk : Buffer.from(chunk as Uint8Array).toString('utf8');
    const end = pending.lastIndexOf('\n');
    if (end >= 0) {
      send(pending.slice(0, end));
      pending = pending.slice(end + 1);
    }
    const callback = typeof encoding === 'function' ? encoding : done;
    if (typeof callback === 'function') process.nextTick(callback);
    return true;
  };
  process.stdout.write = take;
  process.stderr.write = take;
  return {
    flush: () => {
      if (pending !== '') send(pending);
      pending = '';
    },
  };
}
