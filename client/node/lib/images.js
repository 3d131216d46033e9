// Records as callers give them: images, or typed.
'use strict';

const { encodeIrq, encodeIrqs } = require('./irq');

// Bytes of the fullest state that a vCPU can have.
const MAX_IRQ_STATE = 20664;

/** The bytes of one record: those given, or the image of a typed one. */
function toImage(irq) {
  return irq instanceof Uint8Array ? irq : encodeIrq(irq);
}

/** The bytes of several. */
function toImages(irqs) {
  return irqs instanceof Uint8Array ? irqs : encodeIrqs(irqs);
}

module.exports = { MAX_IRQ_STATE, toImage, toImages };
