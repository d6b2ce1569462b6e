import type { status } from '@grpc/grpc-js';

/** The calls that faults are planned for. */
export type Rpc = 'append' | 'batch-append' | 'read' | 'subscribe' | 'server-features' | 'gossip';

export type WireFault =
  /** The connection is cut; `done` says whether the call was carried out before. */
  | { readonly kind: 'cut'; readonly done: boolean }
  /** The call is accepted and never answered. */
  | { readonly kind: 'silent'; readonly done: boolean }
  /** The call is carried out when the promise resolves, after its client gave up, say; and answered then, if so. */
  | { readonly kind: 'late'; readonly when: Promise<void>; readonly answered: boolean }
  /** The call is answered with a status and nothing is done. `exception` is the name the server gives the refusal. */
  | { readonly kind: 'refused'; readonly code: status; readonly exception?: string }
  /** The answer ends, or what is carried out of an append, after so many events; and the connection is cut. */
  | { readonly kind: 'half'; readonly events: number };

export type WireFaults = {
  /** Plans a fault for the next call of a kind, on whichever node; several are used in their order. */
  readonly next: (rpc: Rpc, fault: WireFault) => void;
  /** How many planned faults have not been met yet: a test that ends with some has not tested what it says. */
  readonly left: () => number;
};

export type FaultQueue = WireFaults & { readonly strike: (rpc: Rpc) => WireFault | undefined };

export const makeWireFaults = (): FaultQueue => {
  const planned: { readonly rpc: Rpc; readonly fault: WireFault }[] = [];
  return {
    next: (rpc, fault) => planned.push({ rpc, fault }),
    left: () => planned.length,
    strike: (rpc) => {
      const at = planned.findIndex((each) => each.rpc === rpc);
      return at < 0 ? undefined : planned.splice(at, 1)[0]?.fault;
    },
  };
};
