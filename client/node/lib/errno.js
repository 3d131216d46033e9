// What the kernel answered with a negative number, as an error that reads like Node's own.
'use strict';

// Linux's numbers, whatever system this runs on: those that the simulated kernel answers.
const NAMES = new Map([
  [6, 'ENXIO'],
  [12, 'ENOMEM'],
  [14, 'EFAULT'],
  [16, 'EBUSY'],
  [17, 'EEXIST'],
  [19, 'ENODEV'],
  [22, 'EINVAL'],
  [95, 'EOPNOTSUPP'],
  [105, 'ENOBUFS'],
]);

const ADVICE = {
  KVM_S390_GET_IRQ_STATE: { ENOBUFS: 'ask again with a larger len' },
  KVM_S390_SET_IRQ_STATE: { EBUSY: 'reset the vCPU first' },
};

/** A call reached the kernel, which refused it. What gRPC refuses is grpc-js's ServiceError. */
class IrqdErrno extends Error {
  /** `errno` is as the kernel returns it: negative. `syscall` is the ioctl's name. */
  constructor(syscall, errno) {
    const code = NAMES.get(-errno) || `E${-errno}`;
    const advice = ADVICE[syscall]?.[code];
    super(`${syscall}: ${code}${advice ? `, ${advice}` : ''}`);
    this.name = 'IrqdErrno';
    this.errno = errno;
    this.code = code;
    this.syscall = syscall;
  }
}

/** `response`, unless its `ret` is an errno. */
function checkRet(syscall, response) {
  if (response.ret < 0) throw new IrqdErrno(syscall, response.ret);
  return response;
}

module.exports = { IrqdErrno, checkRet };
