// What needs more of the VM than a vCPU's own word: registers, SIGP, delivery.
#include <mutex>

#include "core/vcpu.h"
#include "core/vcpu_update.h"
#include "core/vm.h"

namespace irqd {
namespace {

void Apply(const VcpuRegistersUpdate& update, VcpuRegisters* registers) {
  if (update.psw_mask) registers->psw_mask = *update.psw_mask;
  if (update.cr0) registers->cr0 = *update.cr0;
  if (update.cr6) registers->cr6 = *update.cr6;
  if (update.cr14) registers->cr14 = *update.cr14;
  if (update.clock_comparator) registers->clock_comparator = *update.clock_comparator;
  if (update.cpu_timer) registers->cpu_timer = *update.cpu_timer;
  if (update.prefix) registers->prefix = *update.prefix & kGuestPrefixMask;
}

}  // namespace

VcpuRegisters Vcpu::GetRegisters() {
  return Observe([](const LocalContext&, const LocalState& state) { return state.registers; });
}

void Vcpu::SetRegisters(const VcpuRegistersUpdate& update) {
  Update([&](const LocalContext&, LocalState* state) {
    Apply(update, &state->registers);
    return 0;
  });
  vm_->EndIdle(*this);
}

SigpResult Vcpu::Sigp(uint8_t order_code, uint32_t from, uint32_t parameter) {
  const SigpResult result = Update([&](const LocalContext& context, LocalState* state) {
    return irqd::Sigp(order_code, from, parameter, context, state);
  });
  if (result.condition_code == kSigpAccepted && order_code != uint8_t(SigpOrder::kSense)) {
    vm_->EndIdle(*this);
  }
  return result;
}

DeliverResult Vcpu::Deliver(size_t max) {
  VmFloating& floating = vm_->floating();
  const std::lock_guard<Mutex> lock(floating.mutex);
  vm_->EndIdle(*this);
  FloatTaker taker;
  // The mutex keeps floating interrupts as they are; the vCPU's own may change until the word is
  // replaced. That is the step in which all of it takes effect.
  DeliverResult result = Update([&](const LocalContext& context, LocalState* state) {
    taker = FloatTaker(&floating.state);
    return irqd::Deliver({context.profile, floating.registers}, max, state, &taker);
  });
  taker.Commit();
  MarkIdleIfWaiting();
  return result;
}

// With the mutex held.
void Vcpu::MarkIdleIfWaiting() {
  VmFloating& floating = vm_->floating();
  const auto waits = [&] {
    return Observe([&](const LocalContext& context, const LocalState& state) {
      return WouldWait({context.profile, floating.registers}, state, FloatTaker(&floating.state));
    });
  };
  if (!waits()) return;
  vm_->BeginIdle(*this);
  // An interrupt that came in between did not see it idle, and woke nobody.
  if (!waits()) vm_->EndIdle(*this);
}

Deliverable Vcpu::GetDeliverable() {
  VmFloating& floating = vm_->floating();
  const std::lock_guard<Mutex> lock(floating.mutex);
  return Observe([&](const LocalContext& context, const LocalState& state) {
    const DeliveryContext delivery = {context.profile, floating.registers};
    const FloatTaker taker(&floating.state);
    Deliverable deliverable;
    deliverable.pending = ListPending(delivery, state, taker);
    deliverable.has_irq = HasIrq(delivery, state, taker, /*exclude_stop=*/false);
    deliverable.has_irq_besides_stop = HasIrq(delivery, state, taker, /*exclude_stop=*/true);
    return deliverable;
  });
}

int Vcpu::StopIntercept() {
  VmFloating& floating = vm_->floating();
  const std::lock_guard<Mutex> lock(floating.mutex);
  vm_->EndIdle(*this);
  return Update([&](const LocalContext& context, LocalState* state) {
    return irqd::StopIntercept({context.profile, floating.registers}, context,
                               FloatTaker(&floating.state), state);
  });
}

}  // namespace irqd
