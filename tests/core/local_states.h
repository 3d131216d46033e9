// LocalStates as the tests of the rules write them: Running(HasCall(3)).
#ifndef IRQD_TESTS_CORE_LOCAL_STATES_H_
#define IRQD_TESTS_CORE_LOCAL_STATES_H_

#include <functional>
#include <vector>

#include "core/host_profile.h"
#include "core/local_state.h"
#include "tests/core/irq_samples.h"

namespace irqd {

using Change = std::function<void(LocalState&)>;

inline LocalState Stopped(const Change& change = [](LocalState&) {}) {
  LocalState state;
  change(state);
  return state;
}

inline LocalState Running(const Change& change = [](LocalState&) {}) {
  LocalState state;
  state.stopped = false;
  change(state);
  return state;
}

// The VM of all cases has vCPUs 0, 3 and 200.
inline bool Exists(uint32_t id) { return id == 0 || id == 3 || id == 200; }

inline HostProfile Sigpif(bool on) {
  HostProfile profile = DefaultHostProfile();
  profile.sigp_interpretation = on;
  return profile;
}

inline void HasPrefix(LocalState& state) {
  state.Set(LocalIrq::kSetPrefix);
  state.payload.prefix.address = 0x1000;
}

template <LocalIrq kIrq>
inline void Has(LocalState& state) {
  state.Set(kIrq);
}

inline void HasStoreStatusStop(LocalState& state) {
  state.Set(LocalIrq::kSigpStop);
  state.stop_flags = KVM_S390_STOP_FLAG_STORE_STATUS;
}

inline Change HasPfault(uint32_t params, uint32_t pad, uint64_t params2) {
  return [=](LocalState& state) {
    state.Set(LocalIrq::kPfaultInit);
    state.payload.pfault_init = {params, pad, params2};
  };
}

inline Change HasCall(uint16_t code) {
  return [=](LocalState& state) {
    state.Set(LocalIrq::kExternalCall);
    state.payload.extcall.code = code;
  };
}

inline Change HasEmergencies(std::vector<uint32_t> ids) {
  return [ids](LocalState& state) {
    state.Set(LocalIrq::kEmergency);
    for (uint32_t id : ids) state.payload.emergency.Add(id);
  };
}

// The state that holds `mchk` as the kernel stores it.
inline Change HoldsMchk(kvm_s390_mchk_info mchk, std::vector<LocalIrq> irqs) {
  mchk.pad = 0;
  return [=](LocalState& state) {
    state.payload.mchk = mchk;
    for (LocalIrq irq : irqs) state.Set(irq);
  };
}
inline Change HoldsMcic(uint64_t mcic, std::vector<LocalIrq> irqs) {
  return HoldsMchk(MchkOf(mcic).u.mchk, irqs);
}

inline constexpr uint8_t kIlcValid = KVM_S390_PGM_FLAGS_ILC_VALID;

inline Change HoldsPgm(const kvm_s390_pgm_info& pgm) {
  return [=](LocalState& state) {
    state.Set(LocalIrq::kProgram);
    state.payload.pgm = pgm;
  };
}

inline kvm_s390_pgm_info PgmOf(uint16_t code, uint8_t flags) {
  kvm_s390_pgm_info pgm = {};
  pgm.code = code;
  pgm.flags = flags;
  return pgm;
}

}  // namespace irqd

#endif  // IRQD_TESTS_CORE_LOCAL_STATES_H_
