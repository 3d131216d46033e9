// A VM as a value that calls are applied to one after another: what a history is held against.
//
// It keeps LocalStates and lets the pure rules work on them. What it knows of Vm and Vcpu is their
// promise: each call is one step.
#ifndef IRQD_TESTS_CORE_CONCURRENCY_VM_MODEL_H_
#define IRQD_TESTS_CORE_CONCURRENCY_VM_MODEL_H_

#include <array>
#include <memory>
#include <string>

#include "core/delivery.h"
#include "core/float_state.h"
#include "core/host_profile.h"
#include "core/local_irq.h"
#include "core/local_state.h"
#include "tests/core/concurrency/vm_call.h"

namespace irqd {

class VmModel {
 public:
  // Without vCPUs.
  explicit VmModel(const HostProfile& profile) : profile_(profile) {}

  VmAnswer Apply(const VmCall& call);

  // Equal for equal models of the same profile, and only for these.
  std::string Key() const;

 private:
  VmAnswer ApplyToVcpu(const VmCall& call, LocalState* state);
  VmAnswer ApplyLocally(const VmCall& call, LocalState* state);
  VmAnswer ApplyWithFloating(const VmCall& call, LocalState* state);
  VmAnswer Create(uint32_t id);
  std::vector<uint32_t> Ids() const;
  bool Exists(uint32_t id) const { return id < kModelVcpus && (exists_ >> id & 1); }
  // To change it: most histories have none, and most steps leave it as it is.
  FloatState* Floating();
  const FloatState& floating() const;

  HostProfile profile_;
  uint32_t exists_ = 0;
  bool user_controls_run_state_ = false;
  std::array<LocalState, kModelVcpus> vcpus_;
  std::shared_ptr<const FloatState> floating_;
  VmRegisters registers_;
};

}  // namespace irqd

#endif  // IRQD_TESTS_CORE_CONCURRENCY_VM_MODEL_H_
