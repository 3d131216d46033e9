// The registers of a vCPU that are no business of interrupts: values that programs put in and get
// back, as s390's <asm/kvm.h> lays them out. All of it is in host byte order.
//
// Only a library built for s390x has them, as <linux/kvm.h> of another machine gives the requests
// other numbers and structures; IRQD_PRELOAD_S390_REGISTERS builds them in for tests.
//
// Source: kvm_arch_vcpu_ioctl_{normal,initial,clear}_reset, sync_regs and store_regs of Linux 6.1.
#ifndef IRQD_CLIENT_PRELOAD_S390_REGISTERS_H_
#define IRQD_CLIENT_PRELOAD_S390_REGISTERS_H_

#include <linux/kvm.h>
#include <sys/ioctl.h>

#include <cstddef>
#include <cstdint>

namespace irqd {

#if defined(__s390x__) || defined(IRQD_PRELOAD_S390_REGISTERS)
inline constexpr bool kHasS390Registers = true;
#else
inline constexpr bool kHasS390Registers = false;
#endif

// struct kvm_regs, kvm_sregs and kvm_fpu.
struct S390Regs {
  uint64_t gprs[16];
};
struct S390Sregs {
  uint32_t acrs[16];
  uint64_t crs[16];
};
struct S390Fpu {
  uint32_t fpc;
  uint64_t fprs[16];
};
static_assert(sizeof(S390Regs) == 128 && sizeof(S390Sregs) == 192 && sizeof(S390Fpu) == 136);

// KVM_GET_REGS and so on.
inline constexpr unsigned int kGetRegs = _IOR(KVMIO, 0x81, S390Regs);
inline constexpr unsigned int kSetRegs = _IOW(KVMIO, 0x82, S390Regs);
inline constexpr unsigned int kGetSregs = _IOR(KVMIO, 0x83, S390Sregs);
inline constexpr unsigned int kSetSregs = _IOW(KVMIO, 0x84, S390Sregs);
inline constexpr unsigned int kGetFpu = _IOR(KVMIO, 0x8c, S390Fpu);
inline constexpr unsigned int kSetFpu = _IOW(KVMIO, 0x8d, S390Fpu);

// KVM_REG_S390_..., by its last byte.
enum class S390OneReg : uint8_t {
  kTodpr = 1,  // 32 bits, all others 64
  kEpochDiff,
  kCpuTimer,
  kClockComp,
  kPfToken,
  kPfCompare,
  kPfSelect,
  kPp,
  kGbea,
};

// struct kvm_sync_regs: what struct kvm_run shows. General, access and floating-point registers are
// nowhere else. This machine has no vector registers, so floating-point ones lie as fprs.
struct S390SyncRegs {
  uint64_t prefix;
  uint64_t gprs[16];
  uint32_t acrs[16];
  uint64_t crs[16];
  uint64_t todpr;
  uint64_t cputm;
  uint64_t ckc;
  uint64_t pp;
  uint64_t gbea;
  uint64_t pft;
  uint64_t pfs;
  uint64_t pfc;
  uint64_t fprs[16];
  uint64_t rest_of_vrs[48];
  uint8_t reserved[512];
  uint32_t fpc;
  uint8_t bpbc;
  uint8_t padding1[51];
  uint8_t riccb[64];
  uint64_t diag318;
  uint8_t padding2[184];
  uint64_t reserved1[2];
  uint64_t gscb[4];
  uint64_t etoken;
  uint64_t etoken_extension;
};
static_assert(offsetof(S390SyncRegs, todpr) == 328 && offsetof(S390SyncRegs, fprs) == 392);
static_assert(offsetof(S390SyncRegs, fpc) == 1416 && offsetof(S390SyncRegs, riccb) == 1472);
static_assert(offsetof(S390SyncRegs, gscb) == 1744 && sizeof(S390SyncRegs) == 1792);
#ifdef __s390x__
static_assert(kGetRegs == KVM_GET_REGS && kSetSregs == KVM_SET_SREGS && kGetFpu == KVM_GET_FPU);
static_assert(offsetof(S390SyncRegs, riccb) == offsetof(kvm_sync_regs, riccb) &&
              offsetof(S390SyncRegs, etoken) == offsetof(kvm_sync_regs, etoken));
#endif

// KVM_SYNC_...
inline constexpr uint64_t kSyncPrefix = 1 << 0;
inline constexpr uint64_t kSyncCrs = 1 << 3;
inline constexpr uint64_t kSyncArch0 = 1 << 4;
inline constexpr uint64_t kSyncPfault = 1 << 5;
inline constexpr uint64_t kSyncAll = 0x1fff;

inline constexpr uint64_t kInvalidPfaultToken = ~uint64_t{0};

// What the kernel keeps beside struct kvm_run. irqd has CR0, CR6, CR14, the timers and the prefix.
struct S390Registers {
  uint64_t crs[16];
  uint64_t todpr;
  uint64_t epoch_diff;
  uint64_t pfault_token;
  uint64_t pfault_compare;
  uint64_t pfault_select;
  uint64_t pp;
  uint64_t gbea;
};

// The number of `id`, a KVM_REG_S390_..., and its size in bytes; false if there is none.
bool FindOneReg(uint64_t id, S390OneReg* which, size_t* size);
// Null for those that irqd has.
uint64_t* OneReg(S390OneReg which, S390Registers* registers);

// What KVM_S390_NORMAL_RESET, KVM_S390_INITIAL_RESET and KVM_S390_CLEAR_RESET do to them; all but
// the PSW of struct kvm_run.
void ResetS390Registers(unsigned int request, S390Registers* registers, S390SyncRegs* sync);

// On the way into the guest and out of it: those that `dirty` names, and all.
void TakeFromSyncRegs(uint64_t dirty, const S390SyncRegs& sync, S390Registers* registers);
void PutIntoSyncRegs(const S390Registers& registers, S390SyncRegs* sync);

}  // namespace irqd

#endif  // IRQD_CLIENT_PRELOAD_S390_REGISTERS_H_
