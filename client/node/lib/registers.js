// Registers between callers, who have bigint, and messages.
'use strict';

const { toLong } = require('./rpc');

// The only register of 32 bits.
const isShort = (name) => name === 'prefix';

/** Only what is given: what is not keeps its value in the server. */
function toRegisters(registers) {
  const message = {};
  for (const [name, value] of Object.entries(registers)) {
    if (value !== undefined) message[name] = isShort(name) ? value : toLong(value);
  }
  return message;
}

function fromRegisters(message) {
  const registers = {};
  for (const [name, value] of Object.entries(message)) {
    registers[name] = isShort(name) ? value : BigInt(value);
  }
  return registers;
}

module.exports = { toRegisters, fromRegisters };
