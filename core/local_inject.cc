// InjectIrq and InjectInterrupt: one rule per interrupt type.
#include <cerrno>
#include <cstring>

#include "core/local_rules.h"

namespace irqd {
namespace {

int InjectSetPrefix(const kvm_s390_prefix_info& prefix, LocalState* state) {
  if (!state->stopped) return -EBUSY;
  state->payload.prefix = prefix;
  state->Set(LocalIrq::kSetPrefix);
  return 0;
}

int InjectPfaultInit(const kvm_s390_ext_info& ext, LocalState* state) {
  state->payload.pfault_init = ext;
  state->Set(LocalIrq::kPfaultInit);
  return 0;
}

// Machine checks accumulate: one report may stand for several.
int InjectMchk(const kvm_s390_mchk_info& mchk, LocalState* state) {
  kvm_s390_mchk_info& pending = state->payload.mchk;
  pending.cr14 |= mchk.cr14;
  pending.mcic |= mchk.mcic;
  pending.ext_damage_code |= mchk.ext_damage_code;
  pending.failing_storage_address = mchk.failing_storage_address;
  std::memcpy(pending.fixed_logout, mchk.fixed_logout, sizeof(pending.fixed_logout));
  if (pending.mcic & kMchkExigentMask) {
    state->Set(LocalIrq::kMchkExigent);
  } else if (pending.mcic & kMchkRepressibleMask) {
    state->Set(LocalIrq::kMchkRepressible);
  }
  return 0;
}

// The flags that the kernel stores: without a valid ILC it takes the length of the instruction
// that the vCPU was intercepted at, which is 0 here, where no guest runs.
uint8_t CompleteIlc(uint8_t flags) {
  if (flags & KVM_S390_PGM_FLAGS_ILC_VALID) return flags;
  return static_cast<uint8_t>((flags & ~KVM_S390_PGM_FLAGS_ILC_MASK) |
                              KVM_S390_PGM_FLAGS_ILC_VALID);
}

// A PER event and another program interruption can be reported together; each kind brings its
// own fields and leaves those of the other alone.
int InjectProgram(kvm_s390_pgm_info pgm, const LocalContext& context, LocalState* state) {
  kvm_s390_pgm_info& pending = state->payload.pgm;
  if (!context.profile.kernel->completes_program) {
    pending = pgm;
    state->Set(LocalIrq::kProgram);
    return 0;
  }
  pgm.flags = CompleteIlc(pgm.flags);
  if (pgm.code == kPgmPer) {
    pending.code |= kPgmPer;
    pending.per_address = pgm.per_address;
    pending.per_code = pgm.per_code;
    pending.per_atmid = pgm.per_atmid;
    pending.per_access_id = pgm.per_access_id;
  } else if (!(pgm.code & kPgmPer)) {
    pending.code = (pending.code & kPgmPer) | pgm.code;
    pending.trans_exc_code = pgm.trans_exc_code;
    pending.mon_code = pgm.mon_code;
    pending.data_exc_code = pgm.data_exc_code;
    pending.mon_class_nr = pgm.mon_class_nr;
    pending.exc_access_id = pgm.exc_access_id;
    pending.op_access_id = pgm.op_access_id;
  } else {
    pending = pgm;
  }
  pending.flags = pgm.flags;
  state->Set(LocalIrq::kProgram);
  return 0;
}

}  // namespace

int InjectIrq(const kvm_s390_irq& irq, const LocalContext& context, LocalState* state) {
  int result = 0;
  if (InjectCommonIrq(irq, context, state, &result)) return result;
  switch (irq.type) {
    case KVM_S390_PROGRAM_INT:
      return InjectProgram(irq.u.pgm, context, state);
    case KVM_S390_SIGP_SET_PREFIX:
      return InjectSetPrefix(irq.u.prefix, state);
    case KVM_S390_MCHK:
      return InjectMchk(irq.u.mchk, state);
    case KVM_S390_INT_PFAULT_INIT:
      return InjectPfaultInit(irq.u.ext, state);
    default:
      return -EINVAL;
  }
}

int InterruptToIrq(const kvm_s390_interrupt& interrupt, kvm_s390_irq* irq) {
  std::memset(irq, 0, sizeof(*irq));
  irq->type = interrupt.type;
  const bool fits_code = interrupt.parm <= 0xffff;
  const uint16_t code = static_cast<uint16_t>(interrupt.parm);
  switch (interrupt.type) {
    case KVM_S390_PROGRAM_INT:
      irq->u.pgm.code = code;
      return fits_code ? 0 : -EINVAL;
    case KVM_S390_INT_EXTERNAL_CALL:
      irq->u.extcall.code = code;
      return fits_code ? 0 : -EINVAL;
    case KVM_S390_INT_EMERGENCY:
      irq->u.emerg.code = code;
      return fits_code ? 0 : -EINVAL;
    case KVM_S390_SIGP_SET_PREFIX:
      irq->u.prefix.address = interrupt.parm;
      return 0;
    case KVM_S390_SIGP_STOP:
      irq->u.stop.flags = interrupt.parm;
      return 0;
    case KVM_S390_MCHK:
      irq->u.mchk.mcic = interrupt.parm64;
      return 0;
    case KVM_S390_INT_PFAULT_INIT:
      irq->u.ext.ext_params = interrupt.parm;
      irq->u.ext.ext_params2 = interrupt.parm64;
      return 0;
    case KVM_S390_RESTART:
    case KVM_S390_INT_CLOCK_COMP:
    case KVM_S390_INT_CPU_TIMER:
      return 0;
    default:
      return -EINVAL;
  }
}

int InjectInterrupt(const kvm_s390_interrupt& interrupt, const LocalContext& context,
                    LocalState* state) {
  kvm_s390_irq irq;
  const int result = InterruptToIrq(interrupt, &irq);
  return result != 0 ? result : InjectIrq(irq, context, state);
}

}  // namespace irqd
