// A stream of injections: writes run ahead of answers, by a bound.
'use strict';

const { toImages } = require('./images');

// A server stops reading from whom does not read its answers, so a bound is needed anyway.
const UNDER_WAY = 16;

/** How many messages may still be sent before an answer comes. */
class Window {
  #free;
  #open = true;
  #wake = () => {};

  constructor(size) {
    this.#free = size;
  }

  /** Waits for room; false when there is nobody left to send to. */
  async take() {
    if (this.#open && this.#free === 0) {
      await new Promise((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#free -= 1;
    return this.#open;
  }

  give() {
    this.#free += 1;
    this.#wake();
  }

  close() {
    this.#open = false;
    this.#wake();
  }
}

async function writeAll(vm, call, window, messages) {
  let first = { vm: vm.ref };
  for await (const { vcpuIds, records } of messages) {
    const ids = typeof vcpuIds === 'number' ? [vcpuIds] : vcpuIds;
    const request = { ...first, vcpuIds: ids, records: toImages(records) };
    first = {};
    if (!(await window.take())) return;
    call.write(request);
  }
  call.end();
}

async function* injectStream(vm, messages, { underWay = UNDER_WAY } = {}) {
  const window = new Window(underWay);
  const call = vm.client.stream('Batch', 'injectStream');
  // What goes wrong with the caller's messages ends the call, and is what the caller sees.
  let fault;
  writeAll(vm, call, window, messages).catch((error) => {
    fault = { error };
    call.cancel();
  });
  try {
    for await (const { ret } of call) {
      window.give();
      yield ret;
    }
  } catch (error) {
    throw fault ? fault.error : error;
  } finally {
    window.close();
    call.cancel();
  }
}

module.exports = { injectStream };
