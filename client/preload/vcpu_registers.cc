#include "client/preload/vcpu_registers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "client/preload/s390_registers.h"
#include "client/preload/user_copy.h"
#include "client/preload/vcpu_run.h"

namespace irqd {
namespace {

// Control registers that decide about interrupts are irqd's.
struct IrqdControlRegister {
  int number;
  int which;
};
constexpr IrqdControlRegister kIrqdControlRegisters[] = {
    {0, IRQD_CR0}, {6, IRQD_CR6}, {14, IRQD_CR14}};

int Fail(int error) {
  errno = error;
  return -1;
}

S390SyncRegs* SyncRegsOf(kvm_run* run) { return reinterpret_cast<S390SyncRegs*>(&run->s); }

// Made at its first use. Null without memory.
S390Registers* RegistersOf(OwnFile* file) {
  S390Registers* known = file->registers.load(std::memory_order_acquire);
  if (known != nullptr) return known;
  auto* const made = static_cast<S390Registers*>(calloc(1, sizeof(S390Registers)));
  if (made == nullptr) return nullptr;
  made->pfault_token = kInvalidPfaultToken;
  if (file->registers.compare_exchange_strong(known, made)) return made;
  free(made);
  return known;
}

// A vCPU whose registers are at hand.
struct Vcpu {
  const IrqdLibrary& irqd;
  const int fd;
  S390Registers* const registers;
  S390SyncRegs* const sync;
};

// Those that irqd has, into `crs`, whose others are there.
int GetControlRegisters(const Vcpu& vcpu, uint64_t (&crs)[16]) {
  memcpy(crs, vcpu.registers->crs, sizeof(crs));
  for (const IrqdControlRegister& cr : kIrqdControlRegisters) {
    if (vcpu.irqd.vcpu_get_register(vcpu.fd, cr.which, &crs[cr.number]) != 0) return -1;
  }
  return 0;
}

int TellIrqdControlRegisters(const Vcpu& vcpu) {
  for (const IrqdControlRegister& cr : kIrqdControlRegisters) {
    const uint64_t value = vcpu.registers->crs[cr.number];
    if (vcpu.irqd.vcpu_set_register(vcpu.fd, cr.which, value) != 0) return -1;
  }
  return 0;
}

int GetSregs(const Vcpu& vcpu, unsigned long argument) {
  S390Sregs sregs;
  memcpy(sregs.acrs, vcpu.sync->acrs, sizeof(sregs.acrs));
  if (GetControlRegisters(vcpu, sregs.crs) != 0) return -1;
  return CopyOut(argument, &sregs, sizeof(sregs)) ? 0 : Fail(EFAULT);
}

int SetSregs(const Vcpu& vcpu, unsigned long argument) {
  S390Sregs sregs;
  if (!CopyIn(&sregs, argument, sizeof(sregs))) return Fail(EFAULT);
  memcpy(vcpu.sync->acrs, sregs.acrs, sizeof(sregs.acrs));
  memcpy(vcpu.registers->crs, sregs.crs, sizeof(sregs.crs));
  return TellIrqdControlRegisters(vcpu);
}

int GetFpu(const Vcpu& vcpu, unsigned long argument) {
  S390Fpu fpu = {};
  fpu.fpc = vcpu.sync->fpc;
  memcpy(fpu.fprs, vcpu.sync->fprs, sizeof(fpu.fprs));
  return CopyOut(argument, &fpu, sizeof(fpu)) ? 0 : Fail(EFAULT);
}

int SetFpu(const Vcpu& vcpu, unsigned long argument) {
  S390Fpu fpu;
  if (!CopyIn(&fpu, argument, sizeof(fpu))) return Fail(EFAULT);
  vcpu.sync->fpc = fpu.fpc;
  memcpy(vcpu.sync->fprs, fpu.fprs, sizeof(fpu.fprs));
  return 0;
}

int IrqdRegisterOf(S390OneReg which) {
  return which == S390OneReg::kCpuTimer ? IRQD_CPU_TIMER : IRQD_CLOCK_COMPARATOR;
}

int GetOneReg(const Vcpu& vcpu, unsigned long argument) {
  kvm_one_reg reg;
  S390OneReg which;
  size_t size;
  if (!CopyIn(&reg, argument, sizeof(reg))) return Fail(EFAULT);
  if (!FindOneReg(reg.id, &which, &size)) return Fail(EINVAL);
  uint64_t value;
  const uint64_t* const here = OneReg(which, vcpu.registers);
  if (here != nullptr) {
    value = *here;
  } else if (vcpu.irqd.vcpu_get_register(vcpu.fd, IrqdRegisterOf(which), &value) != 0) {
    return -1;
  }
  const auto half = static_cast<uint32_t>(value);
  const void* const from = size == sizeof(half) ? static_cast<const void*>(&half) : &value;
  return CopyOut(reg.addr, from, size) ? 0 : Fail(EFAULT);
}

int SetOneReg(const Vcpu& vcpu, unsigned long argument) {
  kvm_one_reg reg;
  S390OneReg which;
  size_t size;
  if (!CopyIn(&reg, argument, sizeof(reg))) return Fail(EFAULT);
  if (!FindOneReg(reg.id, &which, &size)) return Fail(EINVAL);
  uint64_t value = 0;
  uint32_t half = 0;
  const bool is_half = size == sizeof(half);
  if (!CopyIn(is_half ? static_cast<void*>(&half) : &value, reg.addr, size)) return Fail(EFAULT);
  uint64_t* const here = OneReg(which, vcpu.registers);
  if (here == nullptr) return vcpu.irqd.vcpu_set_register(vcpu.fd, IrqdRegisterOf(which), value);
  *here = is_half ? half : value;
  return 0;
}

int Dispatch(const Vcpu& vcpu, unsigned int request, unsigned long argument) {
  constexpr size_t kGprsSize = sizeof(S390Regs);
  switch (request) {
    case kGetRegs:
      return CopyOut(argument, vcpu.sync->gprs, kGprsSize) ? 0 : Fail(EFAULT);
    case kSetRegs:
      return CopyIn(vcpu.sync->gprs, argument, kGprsSize) ? 0 : Fail(EFAULT);
    case kGetSregs:
      return GetSregs(vcpu, argument);
    case kSetSregs:
      return SetSregs(vcpu, argument);
    case kGetFpu:
      return GetFpu(vcpu, argument);
    case kSetFpu:
      return SetFpu(vcpu, argument);
    case KVM_GET_ONE_REG:
      return GetOneReg(vcpu, argument);
    default:
      return SetOneReg(vcpu, argument);
  }
}

// The PSW is in struct kvm_run on s390 only.
#ifdef __KVM_S390
int SetPswMask(const IrqdLibrary& irqd, int fd, kvm_run* run) {
  return irqd.vcpu_set_register(fd, IRQD_PSW_MASK, run->psw_mask);
}
int GetPswMask(const IrqdLibrary& irqd, int fd, kvm_run* run) {
  uint64_t mask;
  if (irqd.vcpu_get_register(fd, IRQD_PSW_MASK, &mask) != 0) return -1;
  run->psw_mask = mask;
  return 0;
}
void ResetPsw(unsigned int request, kvm_run* run) {
  if (request == KVM_S390_NORMAL_RESET) return;
  run->psw_mask = 0;
  run->psw_addr = 0;
}
#else
int SetPswMask(const IrqdLibrary&, int, kvm_run*) { return 0; }
int GetPswMask(const IrqdLibrary&, int, kvm_run*) { return 0; }
void ResetPsw(unsigned int, kvm_run*) {}
#endif

}  // namespace

bool IsRegisterRequest(unsigned int request) {
  if (!kHasS390Registers) return false;
  switch (request) {
    case kGetRegs:
    case kSetRegs:
    case kGetSregs:
    case kSetSregs:
    case kGetFpu:
    case kSetFpu:
    case KVM_GET_ONE_REG:
    case KVM_SET_ONE_REG:
      return true;
    default:
      return false;
  }
}

int RegisterIoctl(const IrqdLibrary& irqd, int fd, unsigned int request, unsigned long argument) {
  if (CheckVcpu(irqd, fd) != 0) return irqd.ioctl(fd, request, argument);
  const OwnFileRef file = OwnFiles::FindOrAdd(fd);
  kvm_run* const run = RunArea(file.get());
  S390Registers* const registers = run == nullptr ? nullptr : RegistersOf(file.get());
  if (registers == nullptr) return Fail(ENOMEM);
  return Dispatch({irqd, fd, registers, SyncRegsOf(run)}, request, argument);
}

int ResetVcpu(const IrqdLibrary& irqd, int fd, unsigned int request, unsigned long argument) {
  const int result = irqd.ioctl(fd, request, argument);
  if (!kHasS390Registers || result != 0) return result;
  const OwnFileRef file = OwnFiles::FindOrAdd(fd);
  kvm_run* const run = RunArea(file.get());
  S390Registers* const registers = run == nullptr ? nullptr : RegistersOf(file.get());
  if (registers == nullptr) return Fail(ENOMEM);
  ResetS390Registers(request, registers, SyncRegsOf(run));
  ResetPsw(request, run);
  return 0;
}

int SyncRegisters(const IrqdLibrary& irqd, int fd, OwnFile* file, kvm_run* run) {
  if (!kHasS390Registers) return 0;
  if ((run->kvm_valid_regs | run->kvm_dirty_regs) & ~kSyncAll) return Fail(EINVAL);
  S390Registers* const registers = RegistersOf(file);
  if (registers == nullptr) return Fail(ENOMEM);
  const uint64_t dirty = run->kvm_dirty_regs;
  const Vcpu vcpu = {irqd, fd, registers, SyncRegsOf(run)};
  TakeFromSyncRegs(dirty, *vcpu.sync, registers);
  const auto set = [&](int which, uint64_t value) {
    return irqd.vcpu_set_register(fd, which, value);
  };
  if ((dirty & kSyncPrefix) && set(IRQD_PREFIX, vcpu.sync->prefix) != 0) return -1;
  if ((dirty & kSyncCrs) && TellIrqdControlRegisters(vcpu) != 0) return -1;
  if ((dirty & kSyncArch0) && (set(IRQD_CPU_TIMER, vcpu.sync->cputm) != 0 ||
                               set(IRQD_CLOCK_COMPARATOR, vcpu.sync->ckc) != 0)) {
    return -1;
  }
  run->kvm_dirty_regs = 0;
  return SetPswMask(irqd, fd, run);
}

int StoreRegisters(const IrqdLibrary& irqd, int fd, OwnFile* file, kvm_run* run) {
  if (!kHasS390Registers) return 0;
  S390Registers* const registers = RegistersOf(file);
  if (registers == nullptr) return Fail(ENOMEM);
  const Vcpu vcpu = {irqd, fd, registers, SyncRegsOf(run)};
  if (GetControlRegisters(vcpu, registers->crs) != 0) return -1;
  PutIntoSyncRegs(*registers, vcpu.sync);
  if (irqd.vcpu_get_register(fd, IRQD_PREFIX, &vcpu.sync->prefix) != 0 ||
      irqd.vcpu_get_register(fd, IRQD_CPU_TIMER, &vcpu.sync->cputm) != 0 ||
      irqd.vcpu_get_register(fd, IRQD_CLOCK_COMPARATOR, &vcpu.sync->ckc) != 0) {
    return -1;
  }
  return GetPswMask(irqd, fd, run);
}

}  // namespace irqd
