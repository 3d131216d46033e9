// irqd for Node: what `require('irqd')` gives. index.d.ts says what each name is.
'use strict';

const { Client, connect } = require('./lib/client');
const { IrqdErrno } = require('./lib/errno');
const { Flic } = require('./lib/flic');
const { IRQ_SIZE, encodeIrq, decodeIrq, encodeIrqs, decodeIrqs } = require('./lib/irq');
const { Vcpu } = require('./lib/vcpu');
const { Vm } = require('./lib/vm');

module.exports = {
  ...require('./lib/constants'),
  Client,
  Flic,
  IrqdErrno,
  IRQ_SIZE,
  Vcpu,
  Vm,
  connect,
  decodeIrq,
  decodeIrqs,
  encodeIrq,
  encodeIrqs,
};
