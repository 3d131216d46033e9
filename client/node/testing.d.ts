import type { Client, CreateVmOptions, Vcpu, Vm } from './index';

export interface StartServerOptions {
  /** The program; if left out, that of IRQD_BINARY, or `irqd` from the PATH. */
  binary?: string;
  /** Flags of irqd's besides --listen and --ready_file. */
  flags?: string[];
}

export interface Server {
  /** For `connect`. */
  readonly target: string;
  /** Ends it, unless it was not started here. */
  stop(): Promise<void>;
}

/**
 * An irqd on a free port of loopback; or, if no options are given and IRQD_TARGET is set, the
 * server there. Does not keep the process alive, and ends with it, however that ends.
 */
export function startServer(options?: StartServerOptions): Promise<Server>;

export interface WithVmOptions extends CreateVmOptions {
  /** A server of your own; if left out, one is started for all tests of the process. */
  target?: string;
}

export interface TestVm {
  client: Client;
  vm: Vm;
  /** The first of its vCPUs. */
  vcpu: Vcpu;
}

/** A VM, with a vCPU unless options say otherwise, that is deleted after the test. */
export function withVm(
  t: { after(hook: () => Promise<void>): void },
  options?: WithVmOptions,
): Promise<TestVm>;
