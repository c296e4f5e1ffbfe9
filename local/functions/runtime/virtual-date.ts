const RealDate = globalThis.Date;
let offset = 0;

/** Virtual minus real time for everything that asks `Date` in this process. */
export function setClockOffset(ms: number): void {
  offset = ms;
}

/** Real time, for deadlines that the wall clock enforces. */
export function realNow(): number {
  return RealDate.now();
}

/** Makes `new Date()` and `Date.now()` tell virtual time; dates made from arguments stay what they are. */
export function installVirtualDate(): void {
  const VirtualDate = function (this: unknown, ...args: unknown[]): unknown {
    // Called without `new`, Date ignores its arguments and gives text.
    if (new.target === undefined) return new RealDate(RealDate.now() + offset).toString();
    return Reflect.construct(RealDate, args.length === 0 ? [RealDate.now() + offset] : args, new.target);
  };
  VirtualDate.prototype = RealDate.prototype;
  Object.setPrototypeOf(VirtualDate, RealDate);
  Object.defineProperties(VirtualDate, {
    name: { value: 'Date' },
    length: { value: 7 },
    now: { value: () => RealDate.now() + offset, configurable: true, writable: true },
  });
  Object.defineProperty(RealDate.prototype, 'constructor', { value: VirtualDate, configurable: true, writable: true });
  globalThis.Date = VirtualDate as unknown as DateConstructor;
}
