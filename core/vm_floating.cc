// The VM's side of floating interrupts: the mutex, and which vCPU to wake.
#include "core/vm_floating.h"

#include "core/vm.h"

namespace irqd {
namespace {

void Apply(const VmRegistersUpdate& update, VmRegisters* registers) {
  NewPswMasks& masks = registers->new_psw_masks;
  if (update.tod_clock) registers->tod_clock = *update.tod_clock;
  if (update.new_psw_restart) masks.restart = *update.new_psw_restart;
  if (update.new_psw_external) masks.external = *update.new_psw_external;
  if (update.new_psw_program) masks.program = *update.new_psw_program;
  if (update.new_psw_machine_check) masks.machine_check = *update.new_psw_machine_check;
  if (update.new_psw_io) masks.io = *update.new_psw_io;
}

}  // namespace

VmFloating& Vm::floating() {
  VmFloating* floating = floating_.load(std::memory_order_acquire);
  if (floating != nullptr) return *floating;
  auto made = std::make_unique<VmFloating>();
  if (floating_.compare_exchange_strong(floating, made.get(), std::memory_order_acq_rel,
                                        std::memory_order_acquire)) {
    return *made.release();
  }
  return *floating;
}

FloatReply Vm::S390Interrupt(const kvm_s390_interrupt& interrupt) {
  VmFloating& shared = floating();
  const std::lock_guard<Mutex> lock(shared.mutex);
  FloatReply reply;
  reply.ret = InjectFloat(
      interrupt, profile_, [&](uint64_t) { WakeOne(&shared, &reply.woken); }, &shared.state);
  return reply;
}

FloatReply Vm::SetDeviceAttr(const DeviceAttr& attr, absl::Span<const uint8_t> memory) {
  VmFloating& shared = floating();
  const std::lock_guard<Mutex> lock(shared.mutex);
  FloatReply reply;
  reply.ret = irqd::SetDeviceAttr(
      attr, memory, profile_, [&](uint64_t) { WakeOne(&shared, &reply.woken); }, &shared.state);
  return reply;
}

int64_t Vm::GetDeviceAttr(const DeviceAttr& attr, std::string* memory) {
  memory->clear();
  if (attr.group > profile_.kernel->last_flic_group) return -EINVAL;
  VmFloating& shared = floating();
  const std::lock_guard<Mutex> lock(shared.mutex);
  return irqd::GetDeviceAttr(attr, &shared.state, memory);
}

int Vm::CreateDevice(uint32_t type, uint32_t flags) {
  VmFloating& shared = floating();
  const std::lock_guard<Mutex> lock(shared.mutex);
  return irqd::CreateDevice(type, flags, &shared.state);
}

int Vm::EnableCap(uint32_t cap, uint32_t flags) {
  VmFloating& shared = floating();
  const std::lock_guard<Mutex> lock(shared.mutex);
  return irqd::EnableCap(cap, flags, profile_, vcpu_count(), &shared.state);
}

uint64_t Vm::floating_pending() {
  // A VM without any need not get room for some.
  VmFloating* const shared = floating_.load(std::memory_order_acquire);
  if (shared == nullptr) return 0;
  const std::lock_guard<Mutex> lock(shared->mutex);
  return FloatPendingWord(shared->state.Pending(), profile_);
}

uint8_t Vm::gisa_ipm() {
  VmFloating* const shared = floating_.load(std::memory_order_acquire);
  if (shared == nullptr) return 0;
  const std::lock_guard<Mutex> lock(shared->mutex);
  return shared->state.gisa_ipm;
}

VmRegisters Vm::GetRegisters() {
  VmFloating& shared = floating();
  const std::lock_guard<Mutex> lock(shared.mutex);
  return shared.registers;
}

void Vm::SetRegisters(const VmRegistersUpdate& update) {
  VmFloating& shared = floating();
  const std::lock_guard<Mutex> lock(shared.mutex);
  Apply(update, &shared.registers);
}

Vcpu* Vm::ByCreation(uint32_t index, VmFloating* floating) {
  std::vector<Vcpu*>& vcpus = floating->vcpus_by_creation;
  if (index >= vcpus.size()) {
    const VmFacts now = facts();
    vcpus.assign(now.vcpu_count(), nullptr);
    for (uint32_t id = 0; id < kMaxVcpuIds; ++id) {
      if (!HasVcpu(id, now)) continue;
      Vcpu* const vcpu = const_cast<Vcpu*>(Slot(id));
      vcpus[vcpu->nth_.load(std::memory_order_relaxed) - 1] = vcpu;
    }
  }
  return vcpus[index];
}

uint32_t Vm::FirstIdle(uint32_t online) const {
  for (uint32_t at = 0; at < idle_.size(); ++at) {
    const uint64_t idle = idle_[at].load();
    if (idle == 0) continue;
    return std::min(online, at * 64 + static_cast<uint32_t>(__builtin_ctzll(idle)));
  }
  return online;
}

// __floating_irq_kick in the kernel.
void Vm::WakeOne(VmFloating* floating, std::vector<uint32_t>* woken) {
  const uint32_t online = vcpu_count();
  if (online == 0) return;
  uint32_t index = FirstIdle(online);
  if (index == online) {
    uint32_t& next = floating->state.next_rr_cpu;
    uint32_t tries = 0;
    do {
      index = next;
      next = (next + 1) % online;
      if (tries++ >= online) return;
    } while (ByCreation(index, floating)->stopped());
  }
  Vcpu* const vcpu = ByCreation(index, floating);
  EndIdle(*vcpu);
  woken->push_back(vcpu->id());
}

void Vm::BeginIdle(const Vcpu& vcpu) {
  const uint32_t index = vcpu.nth_.load(std::memory_order_relaxed) - 1;
  idle_[index / 64].fetch_or(uint64_t{1} << (index % 64));
}

}  // namespace irqd
